-- One row per batch with documents that have no reading: a run was stopped between collecting
-- and reading them.
with
readings as (
    select document_id from article_versions
    union all
    select document_id from rejections
)
select distinct batch_id, strftime(fetched_at at time zone 'UTC', '%Y-%m') as fetched_month
from documents
anti join readings using (document_id)
where outcome in ('fetched', 'failed')
order by batch_id
