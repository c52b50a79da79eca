-- One row per new reading that is an article.
insert into texts by name
select
    reading_id,
    array_to_string(list_transform(paragraphs, lambda paragraph: paragraph.text), e'\n\n') as body,
    list_transform(paragraphs, lambda paragraph: paragraph.kind) as kinds,
    captions,
    related_headlines,
    links
from new_articles
