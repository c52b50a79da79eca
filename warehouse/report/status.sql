-- One row: what the warehouse holds.
select
    (select count(*) from sources) as sources,
    (select count(*) from documents) as documents,
    (select count(*) from articles) as articles,
    (select count(*) from article_versions) as readings,
    (select count(*) from rejections anti join superseded using (reading_id)) as rejections,
    (select min(published_on) from articles) as first_published_on,
    (select max(published_on) from articles) as last_published_on,
    (select max(fetched_at) from documents) as last_fetched_at
