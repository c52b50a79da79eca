-- One row per list that the list of $source at $url named when it was last read.
select unnest(arg_max(children, polled_at), recursive := true)
from polls
where source = $source
    and url = $url
    and kind = 'sitemap'
