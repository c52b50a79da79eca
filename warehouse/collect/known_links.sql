-- One row per link of `seen` that has been seen before: the items it was, when a list last said
-- that it was updated (where none did, when its page was last had), and when that was had; and
-- the sources that listed it.
with
known as (
    select
        link_id,
        list(distinct item_id) as item_ids,
        list(distinct source) as sources,
        max(updated_at) as updated_at,
        bool_or(wanted) as wanted
    from sightings
    semi join seen using (link_id)
    group by link_id
),
fetches as (
    select link_id, max(fetched_at) as had_at
    from documents
    semi join seen using (link_id)
    where outcome in ('fetched', 'unchanged')
    group by link_id
)
select
    link_id,
    item_ids,
    sources,
    coalesce(updated_at, had_at) as updated_at,
    had_at,
    wanted
from known
left join fetches using (link_id)
