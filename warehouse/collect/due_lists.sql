-- One row per list of `stated` that is to be asked for at $now, with what it said last; with
-- $anyway, one row per list.
with
last_polls as (
    select
        source,
        url,
        arg_max(
            struct_pack(attempt, items_per_hour, interval_seconds, again_at, reaches_back_to),
            polled_at
        ) as last_poll,
        -- a move is over when a list is had where it was
        arg_max(struct_pack(moved_to), polled_at)
            filter (moved_to is not null or (outcome <> 'failed' and final_url = url)) as last_move,
        arg_max(struct_pack(etag, last_modified, sha256), polled_at)
            filter (outcome <> 'failed') as last_answer,
        arg_max("window", polled_at) filter ("window" is not null) as last_window,
        max(polled_at) filter (outcome <> 'failed') as answered_at,
        min(polled_at) filter (outcome <> 'failed') as first_polled_at
    from polls
    semi join stated using (source, url)
    group by source, url
)
select
    stated.source,
    stated.url,
    stated.kind,
    last_move.moved_to,
    last_answer.etag,
    last_answer.last_modified,
    last_answer.sha256,
    last_window,
    last_poll.attempt,
    last_poll.items_per_hour,
    last_poll.interval_seconds,
    last_poll.reaches_back_to,
    answered_at,
    first_polled_at,
    $anyway or last_poll is null or last_poll.again_at <= $now as is_due
from stated
left join last_polls using (source, url)
order by stated.source, stated.kind, stated.url
