-- One row per source that a run asked something of: its lists, its links, and its pages, each of
-- which is a new article, a revised one, one that reads as before, a rejection, unchanged or
-- postponed.
with
polled as (
    select
        source,
        count(*) filter (kind <> 'robots') as polls,
        count(*) filter (kind <> 'robots' and outcome = 'failed') as failed_polls,
        count(gap_since) as gaps
    from polls
    where run_id = $run_id
    group by source
),
discovered as (
    select source, count(*) filter (is_new) as discovered
    from sightings
    where run_id = $run_id
    group by source
),
fetched as (
    select document_id, source, outcome
    from documents
    where run_id = $run_id
        and link_id is not null
),
readings as (
    select article_id, reading_id
    from article_versions
    semi join fetched using (document_id)
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
        document_id,
        reading_id,
        content_hash,
        lag(content_hash) over (
            partition by article_id
            order by place_age, fetched_at, age, reading_id
        ) as content_hash_before
    from ordered
),
pages as (
    select
        fetched.source,
        count(*) as pages,
        count(histories.reading_id) filter (content_hash_before is null) as new,
        count(histories.reading_id) filter (content_hash <> content_hash_before) as revised,
        count(histories.reading_id) filter (content_hash = content_hash_before) as as_before,
        count(rejections.reading_id) as rejected,
        count(*) filter (outcome = 'unchanged') as unchanged,
        count(*) filter (outcome = 'postponed') as postponed
    from fetched
    left join histories using (document_id)
    left join rejections using (document_id)
    group by fetched.source
)
select
    source,
    coalesce(polls, 0) as polls,
    coalesce(failed_polls, 0) as failed_polls,
    coalesce(gaps, 0) as gaps,
    coalesce(discovered, 0) as discovered,
    coalesce(pages, 0) as pages,
    coalesce(new, 0) as new,
    coalesce(revised, 0) as revised,
    coalesce(as_before, 0) as as_before,
    coalesce(rejected, 0) as rejected,
    coalesce(unchanged, 0) as unchanged,
    coalesce(postponed, 0) as postponed
from polled
full join discovered using (source)
full join pages using (source)
order by source
