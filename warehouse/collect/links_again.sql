-- One row per link of `again` that a source of `asked` told of: where it is, as lists state it.
select
    link_id,
    any_value(source order by seen_at) as source,
    any_value(url order by seen_at) as url,
    arg_max(stated_url, seen_at) as ask_url,
    max(listed_at) as listed_at,
    max(listed_on) as listed_on
from sightings
semi join again using (link_id)
semi join asked using (source)
group by link_id
order by source, url
