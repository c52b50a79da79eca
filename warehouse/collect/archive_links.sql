-- One row per link that may have been published in the range of days of its source in `asked` and
-- is to be asked for at $now: never asked for, or put off until then; the oldest first.
select
    link_id,
    dated_links.source,
    url,
    stated_url as ask_url,
    listed_at,
    listed_on,
    request_count
from dated_links
inner join asked using (source)
where (request_count = 0 or (outcome = 'pending' and again_at <= $now))
    and (first_on is null or (first_on <= asked.to_on and last_on >= asked.from_on))
order by dated_links.source, first_on nulls last, link_id
