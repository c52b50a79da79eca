-- One row per reason for which a document gives no article.
create or replace view reasons as
with
listed (reason, meaning) as (
    values
    ('unreadable', 'the file could not be opened or read'),
    ('damaged', 'the compressed file or archive is broken or cut short'),
    ('too_large', 'the file, or what it unpacks to, is larger than the limit'),
    ('unsafe_name', 'the archive member names a place outside its archive'),
    ('unsupported', 'the file is of a kind that no reader handles'),
    ('empty', 'the document holds nothing but white space'),
    ('binary', 'the document is not text in any known encoding'),
    ('no_text', 'the document has text but no paragraph of an article'),
    ('not_an_article', 'the page lists, sells or explains, but tells no story'),
    ('paywall', 'the page asks for money before the story begins'),
    ('consent', 'the page asks for consent instead of showing the story'),
    ('bot_challenge', 'the page asks whether the reader is a person'),
    ('soft_404', 'the page says that the story is not there'),
    ('too_slow', 'reading the document took longer than the limit'),
    ('failed', 'the reader failed on this document; this is a defect to report')
)
select reason, meaning
from listed;

comment on view reasons is 'The closed list of reasons. One row per reason for which a document gives no article.';
comment on column reasons.reason is 'The word that stands in rejections.reason.';
comment on column reasons.meaning is 'The reason in a sentence.';
