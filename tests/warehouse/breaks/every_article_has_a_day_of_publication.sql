-- The storm has no date.
update article_versions
set published_on = null
where location = '/news/alder-lantern/storm.txt';
