-- One row per gap or overlap between the spans of lake commits in the ledger.
with
spans as (
    select
        lake_table,
        from_version,
        through_version,
        lag(through_version, 1, -1) over (
            partition by lake_table
            order by from_version, through_version
        ) as before
    from ledger
)
select lake_table, before, from_version, through_version
from spans
where from_version <> before + 1 or through_version < from_version
