-- One row per document whose outcome is not in the list or does not fit its other columns.
select document_id, location, outcome, reason
from documents
where outcome not in ('fetched', 'unchanged', 'failed')
    or (outcome = 'failed') <> (reason is not null)
    or (outcome = 'failed') <> (sha256 is null)
