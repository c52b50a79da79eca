-- One row per article, the twenty longest: its length, and the reading time at 230 words a minute.
select
    title,
    source,
    array_to_string(authors, ', ') as authors,
    published_on,
    word_count,
    ceil(word_count / 230)::integer as minutes,
    reading_minutes as claimed_minutes
from articles
order by word_count desc, article_id
limit 20
