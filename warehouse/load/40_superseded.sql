-- One row per reading of a touched article that is not its newest and was not known as such.
-- The newest was fetched last; of those fetched at once it is the one that says it was edited
-- last, then the one from the newest file, then the last by name: never a matter of chance.
insert into superseded
with
readings as (
    select
        reading_id,
        article_id,
        row(
            fetched_at,
            coalesce(modified_at, published_at, published_on, '-infinity'),
            file_modified_at,
            location,
            extractor_version,
            reading_id
        ) as age
    from article_versions
    semi join new_articles using (article_id)
),
newest as (
    select arg_max(reading_id, age) as reading_id
    from readings
    group by article_id
)
select reading_id
from readings
anti join newest using (reading_id)
anti join superseded using (reading_id)
