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
        fetched_at,
        lag(reading_id) over history as previous_reading_id,
        lag(title) over history as previous_title,
        lag(content_hash) over history as previous_content_hash,
        word_count - lag(word_count) over history as words_added
    from article_versions
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
    fetched_at
from ordered
where content_hash is distinct from previous_content_hash
    and previous_reading_id is not null
