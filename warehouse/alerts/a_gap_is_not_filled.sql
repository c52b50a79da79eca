-- One row per source of `watched` with gaps that no sitemap has filled within $gap_hours hours;
-- a gap is no longer waited for after $gap_days days.
with
waiting as (
    select source, url, gap_since, polled_at
    from gaps
    semi join watched using (source)
    where filled_at is null
        and polled_at <= $now - to_hours($gap_hours)
        and polled_at > $now - to_days($gap_days)
),
counted as (
    select
        source,
        count(*) as gaps,
        arg_min(url, polled_at) as url,
        arg_min(gap_since, polled_at) as gap_since,
        min(polled_at) as polled_at
    from waiting
    group by source
)
select
    source as subject,
    format(
        '{}: {:,} gaps not filled for more than {} hours; the first is from {} to {}, in {}',
        source,
        gaps,
        $gap_hours,
        strftime(gap_since, '%Y-%m-%d %H:%M'),
        strftime(polled_at, '%Y-%m-%d %H:%M UTC'),
        url
    ) as message,
    source,
    gaps,
    url,
    gap_since,
    polled_at
from counted
order by source
