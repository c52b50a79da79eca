-- One row per newest stamp that is ahead of $now by more than clocks of machines that share a home
-- may differ: a run was made by a clock that was ahead, or the clock is behind now.
with
stamps as (
    select max(fetched_at) as newest_at from documents
    union all
    select max(polled_at) from polls
),
newest as (
    select max(newest_at) as newest_at
    from stamps
)
select
    'the clock' as subject,
    format(
        'something was collected at {}, {:.1f} hours from now; what was asked for then is not due before',
        strftime(newest_at, '%Y-%m-%d %H:%M UTC'),
        epoch(newest_at - $now) / 3600
    ) as message,
    newest_at,
    epoch(newest_at - $now) / 3600 as ahead_hours
from newest
where newest_at > $now + interval 5 minutes
