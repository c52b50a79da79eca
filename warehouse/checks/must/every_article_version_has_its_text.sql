-- One row per reading that has no text or several, and per text that has no reading.
select
    coalesce(article_versions.reading_id, texts.reading_id) as reading_id,
    count(texts.reading_id) as texts
from article_versions
full join texts using (reading_id)
group by all
having count(texts.reading_id) <> 1 or count(article_versions.reading_id) <> 1
