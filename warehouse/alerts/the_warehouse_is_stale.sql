-- One row per way in which the warehouse is older than it may be: no list was polled for
-- $stale_hours hours though one of `watched_lists` has been due for as long; nothing at all was
-- collected for $stale_load_hours hours, where that is given.
with
polled as (
    select max(polled_at) as last_at
    from polls
    where polled_at <= $now
),
due as (
    select min(again_at) as due_at
    from (
        select arg_max(again_at, polled_at) as again_at
        from polls
        semi join watched_lists using (source, url)
        group by source, url
    ) as lists
),
collected as (
    select max(fetched_at) as last_at
    from (
        select max(fetched_at) as fetched_at from documents where fetched_at <= $now
        union all
        select last_at from polled
    ) as both_ways
),
stale as (
    select 'polling' as subject, last_at, $stale_hours::double as limit_hours
    from polled
    cross join due
    where last_at <= $now - to_seconds(3600 * $stale_hours)
        and due_at <= $now - to_seconds(3600 * $stale_hours)
    union all
    select 'collecting', last_at, $stale_load_hours::double
    from collected
    where last_at <= $now - to_seconds(3600 * $stale_load_hours::double)
)
select
    subject,
    format(
        '{} last did something {:.1f} hours ago, at {}; the limit is {:g} hours',
        subject,
        epoch($now - last_at) / 3600,
        strftime(last_at, '%Y-%m-%d %H:%M UTC'),
        limit_hours
    ) as message,
    last_at,
    limit_hours,
    epoch($now - last_at) / 3600 as age_hours
from stale
order by subject
