-- One row per source that gave something in a run: every document is a new article, a revised one,
-- one that reads as before, a rejection or unchanged. `revised` are those that `revisions` has.
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
-- the order that load/55_superseded.sql finds the newest by
ordered as (
    select
        *,
        max(age) over (
            partition by article_id, location
            order by fetched_at, age, reading_id
        ) as place_age
    from standing
    semi join readings using (article_id)
),
histories as (
    select
        reading_id,
        content_hash,
        lag(content_hash) over history as content_hash_before
    from ordered
    window history as (
        partition by article_id
        order by place_age, fetched_at, age, reading_id
    )
),
revised as (
    select reading_id
    from histories
    where content_hash <> content_hash_before
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
        count(revised.reading_id) as revised,
        count(readings.reading_id) as readings,
        count(rejected.reading_id) as rejected,
        count(*) filter (documents.outcome = 'unchanged') as unchanged
    from documents
    left join readings using (document_id)
    left join earlier using (article_id)
    left join revised on revised.reading_id = readings.reading_id
    left join rejected on rejected.document_id = documents.document_id
    where documents.run_id = $run_id
    group by documents.source
)
select
    source,
    documents,
    new,
    revised,
    readings - new - revised as as_before,
    rejected,
    unchanged
from counted
order by source
