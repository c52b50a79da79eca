-- One row per story that several sources carry word for word: a wire story is one story.
select
    title,
    source_count,
    article_count,
    sources,
    first_published_on
from copies
where source_count > 1
order by source_count desc, article_count desc, title
