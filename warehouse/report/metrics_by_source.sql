-- One row per source that was asked or gave something, by the names of the metrics.
with
first_read as (
    select source, article_id, min(fetched_at) as first_at
    from article_versions
    group by source, article_id
),
given as (
    select
        source,
        count(*) as articles,
        count(*) filter (first_at > $now - interval 24 hours) as new_articles_last_day,
        epoch(max(first_at)) as last_article_timestamp_seconds
    from first_read
    group by source
),
rejected as (
    select source, count(*) as rejections_last_day
    from rejections
    anti join superseded using (reading_id)
    where fetched_at > $now - interval 24 hours
    group by source
),
missed as (
    select source, count(*) as gaps_open
    from gaps
    where filled_at is null
    group by source
),
asked as (
    select source, epoch(max(polled_at)) as last_poll_timestamp_seconds
    from polls
    where kind <> 'robots'
    group by source
)
select
    source,
    coalesce(articles, 0) as articles,
    coalesce(new_articles_last_day, 0) as new_articles_last_day,
    coalesce(rejections_last_day, 0) as rejections_last_day,
    coalesce(gaps_open, 0) as gaps_open,
    last_article_timestamp_seconds,
    last_poll_timestamp_seconds
from given
full join rejected using (source)
full join missed using (source)
full join asked using (source)
order by source
