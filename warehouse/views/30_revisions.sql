-- One row per reading whose content differs from the reading before it, and way in which it came:
-- by an edit, or because a newer version of the extractor read the same document anew.
create or replace view revisions as
with
-- most articles have one reading, and need no order
read_again as (
    select article_id
    from standing
    group by article_id
    having count(*) > 1
),
-- the order that load/55_superseded.sql finds the newest by
ordered as (
    select
        *,
        max(age) over (
            partition by article_id, location
            order by fetched_at, age, reading_id
        ) as place_age
    from standing
    semi join read_again using (article_id)
),
edited as (
    select
        article_id,
        reading_id,
        source,
        title,
        content_hash,
        fetched_at,
        lag(reading_id) over history as previous_reading_id,
        lag(title) over history as previous_title,
        lag(content_hash) over history as previous_content_hash,
        word_count - lag(word_count) over history as words_added,
        false as read_anew
    from ordered
    window history as (
        partition by article_id
        order by place_age, fetched_at, age, reading_id
    )
),
several as (
    select document_id
    from article_versions
    semi join outdated using (reading_id)
),
read_anew as (
    select
        article_id,
        reading_id,
        source,
        title,
        content_hash,
        fetched_at,
        lag(reading_id) over versions as previous_reading_id,
        lag(title) over versions as previous_title,
        lag(content_hash) over versions as previous_content_hash,
        word_count - lag(word_count) over versions as words_added,
        true as read_anew
    from article_versions
    semi join several using (document_id)
    window versions as (
        partition by document_id
        order by extractor_version
    )
),
changes as (
    from edited
    union all
    from read_anew
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
from changes
where content_hash is distinct from previous_content_hash
    and previous_reading_id is not null;

comment on view revisions is 'What changed after it had been published. One row per reading whose title or text differs from the reading before it, and way in which it came: by an edit, or read anew. A text that comes back is a revision too.';
comment on column revisions.reading_id is 'The reading after the change.';
comment on column revisions.previous_reading_id is 'The reading before the change: of the document before, or of the same document.';
comment on column revisions.title is 'Headline after the change.';
comment on column revisions.previous_title is 'Headline before the change.';
comment on column revisions.words_added is 'Words after the change less words before it; below zero where text was cut.';
comment on column revisions.read_anew is 'True where the document is the same and a newer extractor reads it otherwise; false where the publisher changed it.';
comment on column revisions.fetched_at is 'When the changed document was collected; the change was made before.';
