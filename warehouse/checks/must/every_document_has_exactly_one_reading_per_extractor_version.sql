-- One row per document that was read twice by one version of the extractor, or by none at all.
with
readings as (
    select document_id, extractor_version from article_versions
    union all
    select document_id, extractor_version from rejections
),
read_twice as (
    select document_id, 'read more than once by version ' || extractor_version as broken
    from readings
    group by document_id, extractor_version
    having count(*) > 1
),
never_read as (
    select document_id, 'never read' as broken
    from documents
    anti join readings using (document_id)
    where outcome in ('fetched', 'failed')
)
select * from read_twice
union all
select * from never_read
