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
        sum(word_count)::bigint as word_count,
        min(published_on) as first_published_on,
        max(published_on) as last_published_on,
        mode(language) as main_language
    from articles
    group by source
),
rejections_by_source as (
    select source, count(*) as rejection_count
    from open_rejections
    group by source
)
select
    source,
    main_language,
    document_count,
    place_count,
    coalesce(article_count, 0) as article_count,
    coalesce(rejection_count, 0) as rejection_count,
    coalesce(word_count, 0) as word_count,
    first_published_on,
    last_published_on,
    first_fetched_at,
    last_fetched_at
from documents_by_source
left join articles_by_source using (source)
left join rejections_by_source using (source);

comment on view sources is 'Where everything comes from. One row per source that gave at least one document.';
comment on column sources.main_language is 'Language of most of its articles.';
comment on column sources.document_count is 'Documents that it gave, unchanged and failed ones included.';
comment on column sources.place_count is 'Different places that these were read from.';
comment on column sources.article_count is 'Its articles; revisions do not count.';
comment on column sources.rejection_count is 'Places that give no article now; what was mended does not count.';
comment on column sources.word_count is 'Words of its articles, as they are now.';
comment on column sources.first_published_on is 'Earliest day of publication of its articles.';
comment on column sources.last_published_on is 'Latest day of publication of its articles.';
comment on column sources.first_fetched_at is 'When its first document was collected.';
comment on column sources.last_fetched_at is 'When its newest document was collected.';
