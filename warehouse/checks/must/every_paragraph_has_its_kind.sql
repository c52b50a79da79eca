-- One row per text whose paragraphs are not as many as their kinds.
select
    reading_id,
    len(kinds) as kind_count,
    len(string_split(body, e'\n\n')) as paragraph_count
from texts
where len(kinds) <> case when body = '' then 0 else len(string_split(body, e'\n\n')) end
