-- One row per article: the newest reading of what had been fetched by an instant.
create or replace macro articles_asof(instant) as table
with
-- the order that load/55_superseded.sql finds the newest by
readings as (
    select
        *,
        row(
            fetched_at,
            coalesce(modified_at, published_at, published_on, '-infinity'),
            file_modified_at,
            location,
            reading_id
        ) as age
    from article_versions
    anti join outdated using (reading_id)
    where fetched_at <= instant
),
newest as (
    select arg_max(reading_id, age) as reading_id
    from readings
    group by article_id
)
select readings.* exclude (age, provenance)
from readings
semi join newest using (reading_id);

comment on macro table articles_asof is 'The articles as they were. One row per article: the newest reading of what had been fetched by an instant.';
