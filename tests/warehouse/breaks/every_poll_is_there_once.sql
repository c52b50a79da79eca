-- The robots.txt was loaded twice.
insert into polls
from polls
where kind = 'robots';

update ledger
set row_count = row_count + 1
where lake_table = 'polls';
