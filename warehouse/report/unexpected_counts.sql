-- One row per source of `expected` of which fewer or more new articles came in the 24 hours before
-- $now than a person expects of a day; a source that is polled for less than a day is left out.
with
polled as (
    select source
    from polls
    semi join expected using (source)
    group by source
    having min(polled_at) <= $now::timestamptz - interval 24 hours
),
first_read as (
    select source, article_id, min(fetched_at) as first_fetched_at
    from article_versions
    semi join polled using (source)
    group by all
),
counted as (
    select source, count(article_id) as articles
    from polled
    left join first_read using (source)
    where first_fetched_at is null or first_fetched_at > $now::timestamptz - interval 24 hours
    group by source
)
select
    source,
    coalesce(articles, 0) as articles,
    min_articles_per_day,
    max_articles_per_day
from polled
inner join expected using (source)
left join counted using (source)
where coalesce(articles, 0) < min_articles_per_day
    or coalesce(articles, 0) > max_articles_per_day
order by source
