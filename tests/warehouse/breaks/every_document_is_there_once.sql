-- The storm was loaded twice.
insert into documents
from documents
where location = '/news/alder-lantern/storm.txt';

update ledger
set row_count = row_count + 1
where lake_table = 'documents';
