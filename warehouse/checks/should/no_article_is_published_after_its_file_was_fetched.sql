-- One row per reading dated more than a day after it was collected.
select reading_id, source, location, published_on, fetched_at
from article_versions
where published_on > (fetched_at at time zone 'UTC')::date + 1
