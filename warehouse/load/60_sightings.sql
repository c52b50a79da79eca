-- One row per new sighting of a link. An instant that Python cannot hold is none:
-- lists that an earlier version read gave such ones.
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
    case
        when listed_at between timestamptz '0001-01-01 00:00:00+00'
            and timestamptz '9999-12-31 23:59:59.999999+00' then listed_at
    end as listed_at,
    listed_on,
    case
        when updated_at between timestamptz '0001-01-01 00:00:00+00'
            and timestamptz '9999-12-31 23:59:59.999999+00' then updated_at
    end as updated_at,
    seen_at,
    updated_on
from new_sightings
