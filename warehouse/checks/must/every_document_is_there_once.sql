-- One row per document that is there more than once.
-- A publication says how many documents the one before it held and checked: only those that came
-- since are looked for among all.
select document_id, count(*) as copies
from documents
semi join (
    select document_id
    from documents
    where rowid >= coalesce(getvariable('checked_documents'), 0)
) using (document_id)
group by document_id
having count(*) > 1
