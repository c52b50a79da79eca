-- One row per link of `seen` that has been seen before: the items it was, and its last update.
select
    link_id,
    list(distinct item_id) as item_ids,
    max(updated_at) as updated_at,
    bool_or(wanted) as wanted
from sightings
semi join seen using (link_id)
group by link_id
