-- One row per poll that is there more than once.
select poll_id, count(*) as copies
from polls
group by poll_id
having count(*) > 1
