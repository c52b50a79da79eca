-- One row per place that is to be tried again: its newest document failed, was put off, or was
-- read and is no article as it stands now, for one of $reasons. `has_body` tells the last from the
-- others; `link_id` is null for a place in a file.
with
newest as (
    select
        location,
        arg_max(
            struct_pack(document_id, source, file_location, link_id, outcome, reason), fetched_at
        ) as document
    from documents
    where outcome <> 'unchanged'
    group by location
),
newest_documents as (
    select location, unnest(document)
    from newest
),
rejected as (
    select document_id, reason as refused_for
    from rejections
    anti join superseded using (reading_id)
),
places as (
    select
        newest_documents.*,
        outcome = 'fetched' as has_body,
        coalesce(reason, refused_for) as why
    from newest_documents
    left join rejected using (document_id)
)
select
    document_id,
    link_id,
    source,
    location,
    file_location,
    why as reason,
    has_body
from places
where list_contains($reasons, why)
    and ($source is null or source = $source)
order by file_location, location
