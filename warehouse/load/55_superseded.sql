-- One row per reading that is not, or no longer, current: of an article all but the newest; of a
-- document all but the one by the newest version of the extractor.
-- The newest was fetched last; of those fetched at once it is the one that says it was edited
-- last, then the one from the newest file, then the last by name: never a matter of chance.

-- Where a document was read anew, an older one of its article may be the newest again.
delete from superseded
where reading_id in (
    with
    read_anew as (
        select article_id
        from article_versions
        semi join (
            select document_id from new_articles
            union all
            select document_id from new_rejections
        ) using (document_id)
        semi join outdated using (reading_id)
    )
    select reading_id
    from article_versions
    semi join read_anew using (article_id)
);

insert into superseded
with
new_readings as (
    select document_id from new_articles
    union all
    select document_id from new_rejections
),
touched as (
    select article_id
    from article_versions
    semi join new_readings using (document_id)
),
readings as (
    select
        reading_id,
        article_id,
        row(
            fetched_at,
            coalesce(modified_at, published_at, published_on, '-infinity'),
            file_modified_at,
            location,
            reading_id
        ) as age
    from article_versions
    semi join touched using (article_id)
),
newest as (
    select arg_max(reading_id, age) as reading_id
    from readings
    anti join outdated using (reading_id)
    group by article_id
),
replaced as (
    select reading_id
    from readings
    anti join newest using (reading_id)
    union all
    select reading_id
    from rejections
    semi join new_readings using (document_id)
    semi join outdated using (reading_id)
)
select reading_id
from replaced
anti join superseded using (reading_id)
