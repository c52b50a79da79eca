-- The document that the storm was read from is gone.
delete from documents
where location = '/news/alder-lantern/storm.txt';

update ledger
set row_count = row_count - 1
where lake_table = 'documents';
