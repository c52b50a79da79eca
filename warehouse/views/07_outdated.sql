-- One row per reading in whose place a newer version of the extractor has put another.
create or replace view outdated as
with
readings as (
    select reading_id, document_id, extractor_version from article_versions
    union all
    select reading_id, document_id, extractor_version from rejections
),
-- where one version has read everything both are empty, which is seen at once
older as (
    select reading_id, document_id, extractor_version
    from readings
    where extractor_version < (select max(extractor_version) from readings)
),
newer as (
    select document_id, extractor_version
    from readings
    where extractor_version > (select min(extractor_version) from readings)
),
final as (
    select older.reading_id
    from older
    semi join newer
        on newer.document_id = older.document_id
        and newer.extractor_version > older.extractor_version
)
select reading_id
from final;

comment on view outdated is 'What was read anew. One row per reading in whose place a newer version of the extractor has put another, of the same document.';
comment on column outdated.reading_id is 'The reading, an article or a rejection; it is never current.';
