-- One row per file found on disk that is new, changed, not read to its end, or that could not
-- be opened the last time (which may have passed).
with
last_documents as (
    select
        file_location,
        arg_max(
            row(file_bytes, file_modified_at, last_in_file, reason is distinct from 'unreadable'),
            row(fetched_at, last_in_file)
        ) as state
    from documents
    semi join found on documents.file_location = found.location
    group by file_location
)
select found.position
from found
left join last_documents on last_documents.file_location = found.location
where state is distinct from row(found.file_bytes, found.modified_at, true, true)
order by found.position
