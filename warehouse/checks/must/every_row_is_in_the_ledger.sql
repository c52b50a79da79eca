-- One row per lake table whose rows here are not as many as the ledger says were loaded.
with
booked as (
    select lake_table, sum(row_count)::bigint as booked_rows
    from ledger
    group by lake_table
),
present as (
    select 'documents' as lake_table, count(*) as present_rows from documents
    union all
    select 'articles', count(*) from article_versions
    union all
    select 'rejections', count(*) from rejections
    union all
    select 'sightings', count(*) from sightings
    union all
    select 'polls', count(*) from polls
)
select lake_table, coalesce(booked_rows, 0) as booked_rows, present_rows
from present
left join booked using (lake_table)
where coalesce(booked_rows, 0) <> present_rows
