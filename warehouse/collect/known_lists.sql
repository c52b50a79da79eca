-- One row per list of `stated` that has been had before: when, and what it said of itself.
select
    source,
    url,
    arg_max(struct_pack(etag, last_modified, sha256), polled_at) as last_answer,
    max(polled_at) as answered_at,
    min(polled_at) as first_polled_at,
    arg_max(reaches_back_to, polled_at) as reaches_back_to
from polls
semi join stated using (source, url)
where outcome <> 'failed'
group by source, url
