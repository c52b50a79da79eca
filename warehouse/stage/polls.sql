-- One row per row of `incoming`, in the columns that this version knows; those that an older
-- lake does not have are null. What the warehouse does not hold is left in the lake.
select * exclude (body, headers, polled_month)
from (from expected union all by name from incoming)
