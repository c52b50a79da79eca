-- One row: what the warehouse holds.
select
    (select count(*) from sources) as sources,
    (select count(*) from documents) as documents,
    (select count(*) from articles) as articles,
    (select count(*) from article_versions) as readings,
    (select count(*) from open_rejections) as rejections,
    (select count(*) from links where outcome = 'pending') as links_pending,
    (select count(*) from gaps where filled_at is null) as gaps_open,
    (select min(published_on) from articles) as first_published_on,
    (select max(published_on) from articles) as last_published_on,
    (select max(fetched_at) from documents) as last_fetched_at,
    (select max(polled_at) from polls) as last_polled_at
