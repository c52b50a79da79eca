-- One row per source.
create or replace view sources as
with
documents_by_source as (
    select
        source,
        count(*) as document_count,
        count(distinct location) as place_count,
        min(fetched_at) as first_fetched_at,
        max(fetched_at) as last_fetched_at
    from documents
    group by source
),
articles_by_source as (
    select
        source,
        count(*) as article_count,
        min(published_on) as first_published_on,
        max(published_on) as last_published_on,
        mode(language) as main_language
    from articles
    group by source
),
rejections_by_source as (
    select source, count(*) as rejection_count
    from rejections
    group by source
)
select
    source,
    main_language,
    document_count,
    place_count,
    coalesce(article_count, 0) as article_count,
    coalesce(rejection_count, 0) as rejection_count,
    first_published_on,
    last_published_on,
    first_fetched_at,
    last_fetched_at
from documents_by_source
left join articles_by_source using (source)
left join rejections_by_source using (source)
