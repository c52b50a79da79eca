-- One row per superseded reading that is no reading at all, or that is noted twice.
with
readings as (
    select reading_id from article_versions
    union all
    select reading_id from rejections
)
select
    superseded.reading_id,
    count(*) as noted,
    count(readings.reading_id) as readings
from superseded
left join readings using (reading_id)
group by superseded.reading_id
having count(*) <> 1 or count(readings.reading_id) <> 1
