-- One row per article: the newest reading of what had been fetched by an instant.
create or replace macro articles_asof(instant) as table
with
-- as load/55_superseded.sql finds the newest
places as (
    select
        article_id,
        arg_max(reading_id, row(fetched_at, age, reading_id)) as reading_id,
        max(age) as age
    from standing
    where fetched_at <= instant
    group by article_id, location
),
newest as (
    select arg_max(reading_id, age) as reading_id
    from places
    group by article_id
)
select * exclude (provenance)
from article_versions
semi join newest using (reading_id);

comment on macro table articles_asof is 'The articles as they were. One row per article: the newest reading of what had been fetched by an instant.';
