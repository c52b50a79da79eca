-- One row per page that was asked for although no list and no person had named it.
-- A publication says how many documents the one before it held and checked.
select document_id, source, location, link_id
from documents
anti join sightings using (link_id)
where
    link_id is not null
    and documents.rowid >= coalesce(getvariable('checked_documents'), 0)
