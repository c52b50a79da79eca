-- One row per text whose paragraphs are not as many as their kinds.
-- A publication says how many texts the one before it held and checked: they are not read again.
select
    reading_id,
    len(kinds) as kind_count,
    len(string_split(body, e'\n\n')) as paragraph_count
from texts
where
    rowid >= coalesce(getvariable('checked_texts'), 0)
    and len(kinds) <> case when body = '' then 0 else len(string_split(body, e'\n\n')) end
