-- One row per content that more than one article has.
create or replace view copies as
select
    content_hash,
    any_value(title order by location) as title,
    count(*) as article_count,
    list(distinct source order by source) as sources,
    list(article_id order by location) as article_ids
from articles
group by content_hash
having count(*) > 1
