-- One row per robots.txt that was ever asked for: what it said when it last said anything,
-- and why the last request gave nothing.
select
    url,
    arg_max(robots_text, polled_at) filter (robots_text is not null) as robots_text,
    arg_max(reason, polled_at) as reason,
    max(again_at) as again_at
from polls
where kind = 'robots'
group by url
order by url
