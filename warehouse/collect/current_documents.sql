-- One row per place that the given files gave before: its newest document.
with
states as (
    select
        location,
        arg_max(
            struct_pack(document_id, sha256, reason, file_bytes, file_modified_at),
            fetched_at
        ) as state
    from documents
    semi join found on documents.file_location = found.location
    group by location
)
select location, unnest(state)
from states
