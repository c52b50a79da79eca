-- One row per day and source: how much was published, and how much of it was its own.
with
per_day as (
    select
        published_on,
        source,
        count(*) as articles,
        count(*) filter (agency is null) as own_articles,
        sum(word_count)::bigint as words
    from articles
    where published_on is not null
    group by published_on, source
)
select
    published_on,
    strftime(published_on, '%a') as weekday,
    source,
    articles,
    own_articles,
    words
from per_day
order by published_on desc, articles desc, source
