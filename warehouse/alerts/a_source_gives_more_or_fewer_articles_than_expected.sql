-- One row per source of `watched` that gave fewer or more articles in 24 hours than its file in
-- sources/ says of a day. A source that is polled for less than a day is left out, and so is the
-- time in which nobody asked.
with
last_asked as (
    select source, max(polled_at) as polled_at
    from polls
    semi join watched using (source)
    where kind <> 'robots'
    group by source
    having min(polled_at) <= $now - interval 24 hours
        and max(polled_at) > $now - interval 24 hours
),
first_read as (
    select
        source,
        article_id,
        min(fetched_at) as first_at,
        arg_min(published_on, fetched_at) as published_on
    from article_versions
    semi join last_asked using (source)
    where article_id in (
        select article_id
        from article_versions
        where fetched_at > $now - interval 24 hours
    )
    group by source, article_id
),
counted as (
    select source, count(*) as articles
    from first_read
    where first_at > $now - interval 24 hours
        -- what an archive gives is not of the day
        and (published_on is null or published_on >= first_at::date - 3)
    group by source
),
compared as (
    select
        source,
        coalesce(articles, 0) as articles,
        min_articles_per_day,
        max_articles_per_day
    from last_asked
    inner join watched using (source)
    left join counted using (source)
)
select
    source as subject,
    format(
        '{} gave {:,} articles in 24 hours; expected are {}',
        source,
        articles,
        if(
            articles < coalesce(min_articles_per_day, 0),
            format('{:,.10g} or more', min_articles_per_day),
            format('{:,.10g} or fewer', max_articles_per_day)
        )
    ) as message,
    source,
    articles,
    min_articles_per_day,
    max_articles_per_day
from compared
where articles < min_articles_per_day
    or articles > max_articles_per_day
order by source
