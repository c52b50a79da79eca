-- One row per reading of an article in whose place no newer version of the extractor has put another.
create or replace view standing as
select
    *,
    struct_pack(
        -- a page is what it was when it was fetched; of a file only the day counts, for a checkout or
        -- an unpacked archive gives its files times that lie by chance within moments
        seen_at := if(
            file_modified_at < fetched_at,
            date_trunc('day', file_modified_at at time zone 'UTC') at time zone 'UTC',
            fetched_at
        ),
        stated_at := coalesce(modified_at, published_at, published_on, '-infinity'),
        file_modified_at := file_modified_at,
        location := location
    ) as age
from article_versions
anti join outdated using (reading_id);

comment on view standing is 'What the history of an article is made of. One row per reading of an article in whose place no newer version of the extractor has put another.';
comment on column standing.age is 'What orders the places of an article: when the content was seen (for a file at the latest on the day of its last change), what it says of its last edit, the time of the file, the place. Of one place the reading fetched last counts, and none of its readings makes it older.';
