-- One row per sighting that is there more than once, or whose poll is not there.
select
    sighting_id,
    count(*) as copies,
    any_value(sightings.poll_id) as poll_id
from sightings
left join polls using (poll_id)
group by sighting_id
having count(*) > 1 or bool_or(sightings.poll_id is not null and polls.poll_id is null)
