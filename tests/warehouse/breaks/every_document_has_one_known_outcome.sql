-- The storm failed, with no reason given.
update documents
set outcome = 'failed', sha256 = null
where location = '/news/alder-lantern/storm.txt';
