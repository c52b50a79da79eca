-- One row per robots.txt that is still fresh at $now: its newest answer.
with
newest as (
    select
        url,
        arg_max(struct_pack(http_status, robots_text, reason, detail, again_at), polled_at) as state
    from polls
    where kind = 'robots'
    group by url
)
select url, unnest(state)
from newest
where state.again_at > $now
