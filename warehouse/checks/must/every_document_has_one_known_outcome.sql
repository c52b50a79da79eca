-- One row per document whose outcome is not in the list or does not fit its other columns.
select document_id, location, outcome, reason
from documents
where outcome not in ('fetched', 'unchanged', 'failed', 'postponed')
    or (outcome in ('failed', 'postponed')) <> (reason is not null)
    or (outcome in ('failed', 'postponed')) <> (sha256 is null)
