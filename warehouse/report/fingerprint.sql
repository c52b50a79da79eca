-- One row per table: how many rows it has, and a sum over the digests of its rows that is the
-- same in any order. Two warehouses with equal fingerprints have equal content. Instants and
-- names of runs differ wherever the same files were collected twice, so they count only
-- $with_runs. Of the ledger the rows count and not their spans: those are how they came here.
with
documents_content as (
    select * replace (if($with_runs, fetched_at, null) as fetched_at, if($with_runs, run_id, null) as run_id)
    from documents
),
article_versions_content as (
    select * replace (if($with_runs, fetched_at, null) as fetched_at)
    from article_versions
),
rejections_content as (
    select * replace (if($with_runs, fetched_at, null) as fetched_at)
    from rejections
),
sightings_content as (
    select * replace (if($with_runs, seen_at, null) as seen_at, if($with_runs, run_id, null) as run_id)
    from sightings
),
polls_content as (
    select * replace (if($with_runs, polled_at, null) as polled_at, if($with_runs, run_id, null) as run_id)
    from polls
),
ledger_content as (
    select lake_table, sum(row_count) as row_count
    from ledger
    group by lake_table
),
digests as (
    select 'documents' as table_name, md5_number_lower(content::varchar) as digest
    from documents_content as content
    union all
    select 'article_versions', md5_number_lower(content::varchar)
    from article_versions_content as content
    union all
    select 'texts', md5_number_lower(content::varchar)
    from texts as content
    union all
    select 'superseded', md5_number_lower(content::varchar)
    from superseded as content
    union all
    select 'rejections', md5_number_lower(content::varchar)
    from rejections_content as content
    union all
    select 'sightings', md5_number_lower(content::varchar)
    from sightings_content as content
    union all
    select 'polls', md5_number_lower(content::varchar)
    from polls_content as content
    union all
    select 'ledger', md5_number_lower(content::varchar)
    from ledger_content as content
    union all
    select 'migrations', md5_number_lower(content::varchar)
    from migrations as content
)
select table_name, count(*) as row_count, sum(digest)::varchar as fingerprint
from digests
group by table_name
order by table_name
