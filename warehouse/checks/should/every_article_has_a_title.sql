-- One row per article without a title.
select article_id, source, location
from articles
where title is null
