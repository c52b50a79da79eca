-- One row: the instant of the newest batch.
select max(fetched_at) as last_fetched_at
from documents
