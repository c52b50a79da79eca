-- One row per link that was never new, or more than once: then what was discovered is not the sum
-- of what came of it.
select
    link_id,
    any_value(url) as url,
    count(*) filter (is_new) as times_new
from sightings
group by link_id
having count(*) filter (is_new) <> 1
