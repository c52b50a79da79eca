-- The storm is dated two days after it was collected.
update article_versions
set published_on = '2026-03-04'
where location = '/news/alder-lantern/storm.txt';
