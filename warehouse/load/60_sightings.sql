-- One row per new sighting of a link.
insert into sightings by name
select
    sighting_id,
    link_id,
    item_id,
    poll_id,
    run_id,
    source,
    url,
    stated_url,
    list_url,
    list_kind,
    is_new,
    wanted,
    title,
    listed_at,
    listed_on,
    updated_at,
    seen_at,
    updated_on
from new_sightings
