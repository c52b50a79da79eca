-- One row per lake table: the newest commit that was loaded.
select lake_table, max(through_version) as through_version
from ledger
group by lake_table
