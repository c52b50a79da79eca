-- The storm has no headline.
update article_versions
set title = null
where location = '/news/alder-lantern/storm.txt';
