-- One row per source of `watched` that gave less than a tenth of the articles that it gave in the
-- same hours of the weeks before, where a number as low comes by chance once in 1 / $chance times.
-- The shortest span of hours that shows it is told; one that gives little is judged by the long ones.
with
spans as (
    select span_hours, ceil(span_hours / 168)::integer as step_weeks
    from (values (6), (24), (72), (168), (336)) as listed (span_hours)
),
-- the longest span, as many weeks ago as are compared
reach as (
    select $now - to_days(7 * $history_weeks + 14) as since_at
),
first_read as (
    select
        source,
        article_id,
        min(fetched_at) as first_at,
        arg_min(published_on, fetched_at) as published_on
    from article_versions
    semi join watched using (source)
    where article_id in (
        select article_id
        from article_versions
        inner join reach on fetched_at > since_at
    )
    group by source, article_id
),
-- what an archive gives says nothing of how a source moves
given as (
    select source, first_at
    from first_read
    inner join reach on first_at > since_at
    where published_on is null
        or published_on >= first_at::date - 3
),
last_asked as (
    select source, max(polled_at) as polled_at
    from polls
    semi join watched using (source)
    where kind <> 'robots'
    group by source
),
-- the time in which nobody asked is not the source's silence
reached as (
    select source, greatest(polled_at, max(first_at)) as reached_at
    from last_asked
    left join given using (source)
    group by source, polled_at
),
periods as (
    select
        source,
        span_hours,
        weeks_back,
        reached_at - to_days((7 * weeks_back)::integer) as until_at,
        until_at - to_hours(span_hours) as since_at
    from reached
    cross join spans
    cross join (select unnest(range(27)) as weeks_back) as weeks
    where weeks_back % step_weeks = 0
        and weeks_back <= $history_weeks
        and reached_at <= $now
),
asked as (
    select
        source,
        span_hours,
        weeks_back,
        count(*) as polls,
        count(*) filter (outcome = 'failed') as failed_polls
    from periods
    inner join polls using (source)
    where kind <> 'robots'
        and polled_at > periods.since_at
        and polled_at <= until_at
        and polled_at > (select since_at from reach)
    group by all
),
counted as (
    select source, span_hours, weeks_back, count(*) as articles
    from periods
    inner join given using (source)
    where first_at > since_at
        and first_at <= until_at
    group by all
),
history as (
    select
        source,
        span_hours,
        count(*) as periods_compared,
        median(coalesce(articles, 0)) as usual_articles,
        1.4826 * mad(coalesce(articles, 0)) as spread
    from asked
    left join counted using (source, span_hours, weeks_back)
    where weeks_back > 0
    group by source, span_hours
    -- fewer say nothing of what is usual
    having count(*) >= 3
),
compared as (
    select
        history.*,
        coalesce(articles, 0) as articles,
        polls,
        failed_polls,
        -- Beyond chance the news of one week differ by a quarter from those of another, or by what
        -- these weeks show: counts are Poisson's with a rate that varies so (negative binomial).
        1 / greatest(0.0625, (spread ** 2 - usual_articles) / usual_articles ** 2) as evenness
    from history
    inner join asked using (source, span_hours)
    left join counted using (source, span_hours, weeks_back)
    where weeks_back = 0
        and coalesce(articles, 0) < usual_articles / 10
),
judged as (
    select
        *,
        list_sum(list_transform(
            range(articles + 1),
            lambda few: exp(
                lgamma(few + evenness) - lgamma(evenness) - lgamma(few + 1)
                + evenness * ln(evenness / (evenness + usual_articles))
                + few * ln(usual_articles / (evenness + usual_articles))
            )
        )) as chance
    from compared
),
shortest as (
    select source, arg_min(judged, span_hours) as shown
    from judged
    where chance <= $chance
    group by source
)
select
    source as subject,
    format(
        '{} gave {:,} articles in {} hours, where {:,} are usual (the middle of {} earlier weeks); '
        || '{:,} of {:,} polls failed; the last article came {}',
        source,
        shown.articles,
        shown.span_hours,
        round(shown.usual_articles)::bigint,
        shown.periods_compared,
        shown.failed_polls,
        shown.polls,
        coalesce(strftime(max(given.first_at), '%Y-%m-%d %H:%M UTC'), 'never')
    ) as message,
    source,
    shown.span_hours,
    shown.articles,
    shown.usual_articles,
    shown.periods_compared,
    shown.chance,
    shown.polls,
    shown.failed_polls,
    max(given.first_at) as last_article_at
from shortest
left join given using (source)
group by source, shown
order by source
