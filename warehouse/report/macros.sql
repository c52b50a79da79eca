-- One row per macro that gives a table.
select function_name as macro_name, parameters, comment
from duckdb_functions()
where function_type = 'table_macro'
    and not internal
order by function_name
