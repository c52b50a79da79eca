-- One row per new document. An instant that Python cannot hold is none:
-- lists that an earlier version read gave such ones.
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
    fetched_at,
    link_id,
    final_url,
    http_status,
    redirects,
    content_type,
    etag,
    last_modified,
    fetch_seconds,
    attempt,
    look,
    again_at,
    rights,
    case
        when listed_at between timestamptz '0001-01-01 00:00:00+00'
            and timestamptz '9999-12-31 23:59:59.999999+00' then listed_at
    end as listed_at,
    listed_on,
    rest_until
from new_documents
