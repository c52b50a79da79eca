-- One row per robots.txt: its newest answer. Where it is over, the delay that it asked for still
-- holds until it says otherwise.
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
