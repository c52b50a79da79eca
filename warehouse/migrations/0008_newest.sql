-- Which reading of an article is the newest goes by when its content was seen, not by when it was
-- collected: what loads have found so far is found anew. The views of that time are written out.
delete from superseded;

insert into superseded
with
readings as (
    select reading_id, document_id, extractor_version from article_versions
    union all
    select reading_id, document_id, extractor_version from rejections
),
read_last as (
    select document_id, max(extractor_version) as extractor_version
    from readings
    group by document_id
),
standing as (
    select
        *,
        row(
            if(
                file_modified_at < fetched_at,
                date_trunc('day', file_modified_at at time zone 'UTC') at time zone 'UTC',
                fetched_at
            ),
            coalesce(modified_at, published_at, published_on, '-infinity'),
            file_modified_at,
            location
        ) as age
    from article_versions
    semi join read_last using (document_id, extractor_version)
),
places as (
    select
        article_id,
        arg_max(reading_id, row(fetched_at, age, reading_id)) as reading_id,
        max(age) as age
    from standing
    group by article_id, location
),
newest as (
    select arg_max(reading_id, age) as reading_id
    from places
    group by article_id
)
select reading_id
from article_versions
anti join newest using (reading_id)
union all
select reading_id
from rejections
anti join read_last using (document_id, extractor_version);
