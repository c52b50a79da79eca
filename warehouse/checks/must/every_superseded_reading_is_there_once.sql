-- One row per superseded reading that is no reading of an article, or that is noted twice.
select
    superseded.reading_id,
    count(*) as noted,
    count(article_versions.reading_id) as readings
from superseded
left join article_versions using (reading_id)
group by superseded.reading_id
having count(*) <> 1 or count(article_versions.reading_id) <> 1
