-- One row per list of `stated` that has been asked for before: when, and what it said of itself.
select
    source,
    url,
    arg_max(
        struct_pack(attempt, items_per_hour, interval_seconds, again_at),
        polled_at
    ) as last_poll,
    arg_max(struct_pack(etag, last_modified, sha256), polled_at)
        filter (outcome <> 'failed') as last_answer,
    max(polled_at) as asked_at,
    max(polled_at) filter (outcome <> 'failed') as answered_at,
    min(polled_at) filter (outcome <> 'failed') as first_polled_at,
    arg_max(reaches_back_to, polled_at) filter (outcome <> 'failed') as reaches_back_to
from polls
semi join stated using (source, url)
group by source, url
