-- One row per paragraph of each article's newest reading.
create or replace view paragraphs as
with
numbered as (
    select
        articles.article_id,
        articles.reading_id,
        unnest(string_split(texts.body, e'\n\n')) as text,
        unnest(texts.kinds) as kind,
        generate_subscripts(texts.kinds, 1) as position
    from articles
    inner join texts using (reading_id)
)
select article_id, reading_id, position, kind, text
from numbered
