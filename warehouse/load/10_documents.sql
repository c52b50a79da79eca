-- One row per new document.
insert into documents by name
select
    document_id,
    batch_id,
    run_id,
    source,
    location,
    file_location,
    kind,
    outcome,
    reason,
    detail,
    sha256,
    body_bytes,
    file_bytes,
    last_in_file,
    known_on,
    file_modified_at,
    fetched_at
from new_documents
