-- One row per reading whose content differs from the reading of its article before it.
create or replace view revisions as
with
ordered as (
    select
        article_id,
        reading_id,
        source,
        title,
        content_hash,
        extractor_version,
        fetched_at,
        lag(reading_id) over history as previous_reading_id,
        lag(title) over history as previous_title,
        lag(content_hash) over history as previous_content_hash,
        lag(document_id) over history is not distinct from document_id as read_anew,
        word_count - lag(word_count) over history as words_added
    from article_versions
    -- the order that load/40_superseded.sql finds the newest by
    window history as (
        partition by article_id
        order by
            fetched_at,
            coalesce(modified_at, published_at, published_on, '-infinity'),
            file_modified_at,
            location,
            extractor_version,
            reading_id
    )
)
select
    article_id,
    reading_id,
    previous_reading_id,
    source,
    title,
    previous_title,
    words_added,
    read_anew,
    fetched_at
from ordered
where content_hash is distinct from previous_content_hash
    and previous_reading_id is not null;

comment on view revisions is 'What changed after it had been published. One row per reading whose title or text differs from the reading of its article before it; a text that comes back is a revision too.';
comment on column revisions.reading_id is 'The reading after the change.';
comment on column revisions.previous_reading_id is 'The reading before the change.';
comment on column revisions.title is 'Headline after the change.';
comment on column revisions.previous_title is 'Headline before the change.';
comment on column revisions.words_added is 'Words after the change less words before it; below zero where text was cut.';
comment on column revisions.read_anew is 'True where the document is the same and a newer extractor reads it otherwise; false where the publisher changed it.';
comment on column revisions.fetched_at is 'When the changed document was collected; the change was made before.';
