-- One row per given document of the given units that has a reading: whether it is due, as due.sql
-- has it. The others of its source and batch are read along with it.
with
chosen as (
    select document_id
    from given_documents
    semi join given_units using (batch_id, source)
),
readings as (
    select document_id, extractor_version from article_versions
    union all
    select document_id, extractor_version from rejections
)
select
    document_id,
    case
        when $verify then max(extractor_version) = $version
        else max(extractor_version) < $version
    end as is_due
from readings
semi join chosen using (document_id)
group by document_id
