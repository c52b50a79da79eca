-- One row per reading that is not, or no longer, current: of an article all but the newest; of a
-- document all but the one by the newest version of the extractor.
-- A place shows what it gave last; of an article's places the newest by `age` counts, never a
-- matter of chance, nor of the order in which places were collected.

-- Where a document was read anew, or late, an older reading of its article may be the newest again.
delete from superseded
where reading_id in (
    with
    touched as (
        select article_id
        from article_versions
        semi join (
            select document_id from new_articles
            union all
            select document_id from new_rejections
        ) using (document_id)
    )
    select reading_id
    from article_versions
    semi join touched using (article_id)
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
places as (
    select
        article_id,
        arg_max(reading_id, row(fetched_at, age, reading_id)) as reading_id,
        max(age) as age
    from standing
    semi join touched using (article_id)
    group by article_id, location
),
newest as (
    select arg_max(reading_id, age) as reading_id
    from places
    group by article_id
),
replaced as (
    select reading_id
    from article_versions
    semi join touched using (article_id)
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
