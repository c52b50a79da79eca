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
from numbered;

comment on view paragraphs is 'The text, in pieces. One row per paragraph of each article''s newest reading.';
comment on column paragraphs.article_id is 'The article that it is in.';
comment on column paragraphs.reading_id is 'The newest reading of the article.';
comment on column paragraphs.position is 'Which paragraph of the article it is; the first is 1.';
comment on column paragraphs.kind is 'What it is: body, subhead, quote, list, table or correction.';
comment on column paragraphs.text is 'The paragraph; it has no line break.';
