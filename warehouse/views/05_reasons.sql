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
    ('failed', 'the reader failed on this document; this is a defect to report'),
    ('robots', 'the site''s robots.txt asks not to fetch this address'),
    ('gone', 'the site says that nothing is there, or no more (404, 410)'),
    ('refused', 'the site does not give it to us (401, 403, 451 and the like)'),
    ('too_many_requests', 'the site asks for fewer requests (429)'),
    ('server_error', 'the site failed to answer (5xx)'),
    ('unreachable', 'no connection: no such name, no public address, no route, or no valid certificate'),
    ('time_out', 'the site took longer than the limit'),
    ('broken_answer', 'the answer breaks off, or is not HTTP'),
    ('wrong_type', 'the answer is of a type that is not asked for'),
    ('redirects', 'too many redirects, or redirects in a circle'),
    ('forbidden_address', 'the URL names an address or a port that is not of the public web'),
    ('bad_url', 'the address is no http or https URL')
)
select reason, meaning
from listed;

comment on view reasons is 'The closed list of reasons. One row per reason for which a document gives no article.';
comment on column reasons.reason is 'The word that stands in rejections.reason.';
comment on column reasons.meaning is 'The reason in a sentence.';
