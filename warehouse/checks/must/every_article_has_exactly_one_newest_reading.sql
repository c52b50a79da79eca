-- One row per article that has no current reading, or more than one.
select
    article_id,
    count(*) filter (superseded.reading_id is null) as current_readings
from article_versions
left join superseded using (reading_id)
group by article_id
having count(*) filter (superseded.reading_id is null) <> 1
