-- One row per document that is there more than once.
select document_id, count(*) as copies
from documents
group by document_id
having count(*) > 1
