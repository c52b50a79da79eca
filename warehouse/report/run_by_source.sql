-- One row per source that gave something in a run: every document is a new article, a further
-- version of one, or a rejection.
with
readings as (
    select document_id, article_id, reading_id
    from article_versions
    semi join (from documents where run_id = $run_id) using (document_id)
    anti join outdated using (reading_id)
),
earlier as (
    select distinct article_id
    from article_versions
    semi join readings using (article_id)
    anti join readings using (document_id)
),
rejected as (
    select document_id, reading_id
    from rejections
    semi join (from documents where run_id = $run_id) using (document_id)
    anti join outdated using (reading_id)
),
counted as (
    select
        documents.source,
        count(*) filter (documents.outcome <> 'unchanged') as documents,
        count(distinct readings.article_id) filter (earlier.article_id is null) as new,
        count(readings.reading_id) as readings,
        count(rejected.reading_id) as rejected,
        count(*) filter (documents.outcome = 'unchanged') as unchanged
    from documents
    left join readings using (document_id)
    left join earlier using (article_id)
    left join rejected using (document_id)
    where documents.run_id = $run_id
    group by documents.source
)
select source, documents, new, readings - new as revised, rejected, unchanged
from counted
order by source
