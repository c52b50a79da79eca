-- One row per rejection of a run.
select rejections.source, rejections.location, rejections.reason, rejections.detail
from rejections
anti join outdated using (reading_id)
inner join documents using (document_id)
where documents.run_id = $run_id
order by rejections.location
