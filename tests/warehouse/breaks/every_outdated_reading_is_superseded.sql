-- A newer version finds no text in the storm, which stays an article all the same.
insert into rejections by name
select
    1 as reading_id,
    document_id,
    batch_id,
    2 as extractor_version,
    source,
    location,
    'no_text' as reason,
    '' as detail,
    fetched_at
from documents
where location = '/news/alder-lantern/storm.txt';

update ledger
set row_count = row_count + 1
where lake_table = 'rejections';
