-- One row per link of a source of `asked`.
select link_id, source, url
from links
semi join asked using (source)
order by link_id
