-- One row per column of each view and table, with their comments; what people ask first is first.
with
relations as (
    select table_name, 'table' as relation, comment from duckdb_tables() where not temporary
    union all
    select view_name, 'view', comment from duckdb_views() where not internal
)
select
    relations.table_name,
    relations.relation,
    relations.comment as table_comment,
    columns.column_name,
    columns.data_type,
    columns.comment as column_comment
from relations
inner join duckdb_columns() as columns using (table_name)
order by relations.relation desc, relations.table_name, columns.column_index
