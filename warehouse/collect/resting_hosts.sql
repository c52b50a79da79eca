-- One row per address whose host asks to be left alone at $now: until when.
with
answers as (
    select coalesce(final_url, location) as url, rest_until
    from documents
    where rest_until > $now
    union all
    select coalesce(final_url, url), rest_until
    from polls
    where rest_until > $now
)
select url, max(rest_until) as rest_until
from answers
group by url
