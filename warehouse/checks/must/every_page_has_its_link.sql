-- One row per page that was asked for although no list and no person had named it.
select document_id, source, location, link_id
from documents
anti join sightings using (link_id)
where link_id is not null
