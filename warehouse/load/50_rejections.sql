-- One row per new reading that is a rejection.
insert into rejections by name
select
    reading_id,
    document_id,
    batch_id,
    extractor_version,
    source,
    location,
    reason,
    detail,
    page_state,
    fetched_at
from new_rejections
