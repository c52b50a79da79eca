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
    anti join outdated using (reading_id)
    inner join documents using (document_id)
    group by run_id
),
read_rejections as (
    select run_id, count(*) as rejection_count
    from rejections
    anti join outdated using (reading_id)
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
left join read_rejections using (run_id);

comment on view runs is 'The history of collecting. One row per run that found something new; a run that found nothing leaves no row.';
comment on column runs.run_id is 'When the run began, which is its name.';
comment on column runs.document_count is 'Documents that it collected: the sum of the three outcomes.';
comment on column runs.fetched_count is 'Documents that were new or changed, with their bytes.';
comment on column runs.unchanged_count is 'Documents whose file was touched and whose bytes were as before.';
comment on column runs.failed_count is 'Documents that gave no bytes; rejections has the reasons.';
comment on column runs.article_count is 'Its documents that are articles, as they are read now.';
comment on column runs.rejection_count is 'Its documents that gave no article, as they are read now.';
comment on column runs.batch_count is 'Batches that the documents came in.';
comment on column runs.first_fetched_at is 'When its first batch was collected.';
comment on column runs.last_fetched_at is 'When its last batch was collected.';
