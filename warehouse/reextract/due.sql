-- One row per batch and source with documents that are due: their newest reading is by an older
-- version than $version or, to verify it, by just that one. What a source gave in a batch is read
-- as a whole, because what recurs in it counts.
with
readings as (
    select document_id, extractor_version from article_versions
    union all
    select document_id, extractor_version from rejections
),
newest as (
    select document_id, max(extractor_version) as extractor_version
    from readings
    group by document_id
)
select
    documents.batch_id,
    documents.source,
    count(*) as document_count,
    count(*) filter (
        case
            when $verify then newest.extractor_version = $version
            else newest.extractor_version < $version
        end
    ) as due_count,
    coalesce(sum(documents.body_bytes), 0)::bigint as body_bytes,
    min(documents.fetched_at) as first_fetched_at,
    max(documents.fetched_at) as last_fetched_at
from documents
inner join newest using (document_id)
where ($source is null or documents.source = $source)
    and ($since is null or (documents.fetched_at at time zone 'UTC')::date >= $since)
    and ($until is null or (documents.fetched_at at time zone 'UTC')::date <= $until)
group by documents.batch_id, documents.source
having due_count > 0
order by first_fetched_at, documents.batch_id, documents.source
