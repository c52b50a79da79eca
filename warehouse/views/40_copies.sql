-- One row per content that more than one article has.
create or replace view copies as
select
    content_hash,
    any_value(title order by location) as title,
    count(*) as article_count,
    count(distinct source) as source_count,
    list(distinct source order by source) as sources,
    list(article_id order by location) as article_ids,
    min(published_on) as first_published_on
from articles
group by content_hash
having count(*) > 1;

comment on view copies is 'One story in several places: wire stories, syndication, files kept twice. One row per content that more than one article has.';
comment on column copies.content_hash is 'Digest of the title and the paragraphs that they share.';
comment on column copies.title is 'Headline that they share.';
comment on column copies.article_count is 'Articles with this content.';
comment on column copies.source_count is 'Sources that carry it.';
comment on column copies.sources is 'Names of those sources.';
comment on column copies.article_ids is 'The articles, in the order of their places.';
comment on column copies.first_published_on is 'Earliest day of publication that one of them has.';
