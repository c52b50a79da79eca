-- One row per file found on disk that is new, changed, not read to its end since it was last seen
-- otherwise, or that could not be opened the last time (which may have passed).
with
looks as (
    select
        found.position,
        documents.fetched_at,
        documents.last_in_file,
        documents.file_bytes = found.file_bytes
        and documents.file_modified_at = found.modified_at
        and documents.reason is distinct from 'unreadable' as is_same
    from found
    inner join documents on documents.file_location = found.location
),
known as (
    select position
    from looks
    group by position
    having max(fetched_at) filter (is_same and last_in_file)
        >= coalesce(max(fetched_at) filter (not is_same), '-infinity')
)
select position
from found
anti join known using (position)
order by position
