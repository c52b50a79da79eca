-- One row per source that gave something in a run.
with
readings as (
    select document_id, article_id, reading_id from article_versions
    semi join (from documents where run_id = $run_id) using (document_id)
),
earlier as (
    select distinct article_id
    from article_versions
    semi join readings using (article_id)
    anti join readings using (reading_id)
)
select
    documents.source,
    count(*) filter (documents.outcome <> 'unchanged') as documents,
    count(*) filter (documents.outcome = 'unchanged') as unchanged,
    count(readings.reading_id) filter (earlier.article_id is null) as new_articles,
    count(earlier.article_id) as revised_articles,
    count(rejections.reading_id) as rejections
from documents
left join readings using (document_id)
left join earlier using (article_id)
left join rejections using (document_id)
where documents.run_id = $run_id
group by documents.source
order by documents.source
