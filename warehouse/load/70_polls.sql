-- One row per new poll. An instant that Python cannot hold is none:
-- lists that an earlier version read gave such ones.
insert into polls by name
select
    poll_id,
    run_id,
    source,
    url,
    kind,
    outcome,
    reason,
    detail,
    final_url,
    moved_to,
    http_status,
    etag,
    last_modified,
    body_bytes,
    sha256,
    robots_text,
    "window",
    item_count,
    new_count,
    shared_count,
    gap_since,
    case
        when reaches_back_to between timestamptz '0001-01-01 00:00:00+00'
            and timestamptz '9999-12-31 23:59:59.999999+00' then reaches_back_to
    end as reaches_back_to,
    attempt,
    items_per_hour,
    interval_seconds,
    again_at,
    fetch_seconds,
    polled_at,
    rest_until,
    children
from new_polls
