-- One row per document whose outcome is not in the list or does not fit its other columns.
-- A publication says how many documents the one before it held and checked.
select document_id, location, outcome, reason
from documents
where
    rowid >= coalesce(getvariable('checked_documents'), 0)
    and (
        outcome not in ('fetched', 'unchanged', 'failed', 'postponed')
        or (outcome in ('failed', 'postponed')) <> (reason is not null)
        or (outcome in ('failed', 'postponed')) <> (sha256 is null)
    )
