-- One row per source and day, the last $days of them: what was asked of it, what came, and whether
-- something may be missing. An article counts once, on the day of its first reading. Sources are
-- those of `watched`, and all that gave something. Days are UTC's. A day before a source was first
-- asked, or without a file, has no state.
with
days as (
    select unnest(generate_series($now::date - $days + 1, $now::date, interval 1 day))::date as "day"
),
-- what coverage_by_hour has, of these days alone: it counts all hours that ever were
asked as (
    select
        source,
        polled_at::date as "day",
        count(*) as polled,
        count(*) filter (outcome <> 'failed') as succeeded
    from polls
    where kind <> 'robots'
        and polled_at >= $now::date - $days + 1
        and polled_at <= $now
    group by all
),
discovered as (
    select source, seen_at::date as "day", count(*) as discovered
    from sightings
    where is_new
        and wanted
        and seen_at >= $now::date - $days + 1
        and seen_at <= $now
    group by all
),
fetched as (
    select source, fetched_at::date as "day", count(*) as fetched
    from documents
    where outcome in ('fetched', 'unchanged')
        and fetched_at >= $now::date - $days + 1
        and fetched_at <= $now
    group by all
),
first_polls as (
    select source, min(polled_at)::date as first_polled_on
    from polls
    group by source
),
read as (
    select source, article_id, fetched_at::date as "day"
    from article_versions
    anti join outdated using (reading_id)
    where fetched_at >= $now::date - $days + 1
        and fetched_at <= $now
),
-- an article that is edited, or read by a newer extractor, came when it was first read
first_read as (
    select source, article_id, min(fetched_at)::date as first_on
    from article_versions
    semi join read using (source, article_id)
    group by source, article_id
),
-- a day with edits alone has a row, too: something came
given as (
    select source, "day", count(article_id) as articles
    from (
        select source, article_id, first_on as "day"
        from first_read
        where first_on >= $now::date - $days + 1
        union all
        select distinct source, null, "day"
        from read
    ) as both_ways
    group by source, "day"
),
rejected as (
    select source, fetched_at::date as "day", count(*) as rejected
    from rejections
    anti join outdated using (reading_id)
    where fetched_at >= $now::date - $days + 1
        and fetched_at <= $now
    group by all
),
missed as (
    select
        source,
        days.day,
        count(*) as gaps,
        count(*) filter (filled_at is null) as gaps_open
    from gaps
    inner join days on days.day between gap_since::date and polled_at::date
    group by all
),
known as (
    select source from watched
    union
    select source from asked
    union
    select source from given
    union
    select source from rejected
)
select
    source,
    days.day,
    coalesce(polled, 0) as polled,
    coalesce(succeeded, 0) as succeeded,
    coalesce(discovered, 0) as discovered,
    coalesce(fetched, 0) as fetched,
    coalesce(given.articles, 0) as articles,
    coalesce(rejected, 0) as rejected,
    coalesce(gaps, 0) as gaps,
    coalesce(gaps_open, 0) as gaps_open,
    case
        when gaps_open > 0 then 'gap'
        when polled > 0 and succeeded = 0 then 'no answer'
        when days.day > first_polled_on and coalesce(polled, 0) = 0
            and source in (from watched select source) then 'not asked'
        when gaps > 0 then 'gap, filled'
        when polled > 0 or given.articles is not null or rejected > 0 then 'covered'
    end as state
from known
cross join days
left join asked using (source, "day")
left join discovered using (source, "day")
left join fetched using (source, "day")
left join given using (source, "day")
left join rejected using (source, "day")
left join missed using (source, "day")
left join first_polls using (source)
order by source, days.day
