-- One row per run that found something new.
create or replace view runs as
with
collected as (
    select
        run_id,
        min(fetched_at) as first_fetched_at,
        max(fetched_at) as last_fetched_at,
        count(*) as document_count,
        count(*) filter (outcome = 'fetched') as fetched_count,
        count(*) filter (outcome = 'unchanged') as unchanged_count,
        count(*) filter (outcome = 'failed') as failed_count,
        count(distinct batch_id) as batch_count
    from documents
    group by run_id
),
read_articles as (
    select run_id, count(*) as article_count
    from article_versions
    inner join documents using (document_id)
    group by run_id
),
read_rejections as (
    select run_id, count(*) as rejection_count
    from rejections
    inner join documents using (document_id)
    group by run_id
)
select
    run_id,
    document_count,
    fetched_count,
    unchanged_count,
    failed_count,
    coalesce(article_count, 0) as article_count,
    coalesce(rejection_count, 0) as rejection_count,
    batch_count,
    first_fetched_at,
    last_fetched_at
from collected
left join read_articles using (run_id)
left join read_rejections using (run_id)
