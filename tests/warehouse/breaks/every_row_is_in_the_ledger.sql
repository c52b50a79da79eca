-- The ledger has one rejection more than there is.
update ledger
set row_count = row_count + 1
where lake_table = 'rejections';
