-- The storm's page gives two days.
update article_versions
set provenance = [{
    'field': 'published_on',
    'method': 'byline',
    'candidates': ['2026-03-02', '2026-02-03'],
    'conflict': true
}]
where location = '/news/alder-lantern/storm.txt';
