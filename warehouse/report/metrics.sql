-- One row: what the warehouse holds and when it was added to, by the names of the metrics.
with
fresh as (
    select distinct article_id
    from article_versions
    where fetched_at > $now - interval 24 hours
),
new as (
    select article_id
    from article_versions
    semi join fresh using (article_id)
    group by article_id
    having min(fetched_at) > $now - interval 24 hours
),
rejected as (
    select fetched_at
    from rejections
    anti join superseded using (reading_id)
)
select
    (select count(*) from articles) as articles,
    (select count(*) from new) as new_articles_last_day,
    (select count(*) from article_versions) as readings,
    (select count(*) from documents) as documents,
    (select count(*) from open_rejections) as rejections,
    (select count(*) from rejected where fetched_at > $now - interval 24 hours)
        as rejections_last_day,
    (select count(*) from links where outcome = 'pending') as links_pending,
    (select count(*) from gaps where filled_at is null) as gaps_open,
    (select epoch(max(polled_at)) from polls) as last_poll_timestamp_seconds,
    (select epoch(max(fetched_at)) from documents) as last_fetch_timestamp_seconds
