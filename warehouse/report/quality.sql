-- One row per source that gave a page in the last $days days: which share of its articles has what
-- an article should have, and how long they are, against the $earlier_days days before. `drifted`
-- names what is otherwise by a tenth, or in length by half, where both have twenty articles.
with
fetched as (
    select document_id
    from documents
    where outcome = 'fetched'
        and fetched_at > $now - to_days($days) - to_days($earlier_days)
        and fetched_at <= $now
),
readings as (
    select
        source,
        fetched_at > $now - to_days($days) as is_recent,
        title is not null as has_title,
        published_on is not null as has_day,
        len(authors) > 0 as has_author,
        deck is not null as has_deck,
        lead_image is not null as has_picture,
        word_count,
        false as is_rejected
    from articles
    semi join fetched using (document_id)
    union all
    select source, fetched_at > $now - to_days($days), null, null, null, null, null, null, true
    from rejections
    anti join superseded using (reading_id)
    semi join fetched using (document_id)
),
measured as (
    select
        source,
        is_recent,
        count(*) as pages,
        count(word_count) as articles,
        avg(is_rejected::integer) as rejected,
        avg(has_title::integer) as title,
        avg(has_day::integer) as "day",
        avg(has_author::integer) as author,
        avg(has_deck::integer) as deck,
        avg(has_picture::integer) as picture,
        median(word_count) as words
    from readings
    group by source, is_recent
),
compared as (
    select
        recent.*,
        coalesce(earlier.pages, 0) as pages_before,
        earlier.rejected as rejected_before,
        earlier.title as title_before,
        earlier.day as day_before,
        earlier.author as author_before,
        earlier.deck as deck_before,
        earlier.picture as picture_before,
        earlier.words as words_before,
        least(recent.articles, coalesce(earlier.articles, 0)) >= 20 as is_comparable,
        least(recent.pages, coalesce(earlier.pages, 0)) >= 20 as has_pages
    from measured as recent
    left join measured as earlier on earlier.source = recent.source and not earlier.is_recent
    where recent.is_recent
)
select
    source,
    pages,
    pages_before,
    round(rejected, 3) as rejected,
    round(rejected_before, 3) as rejected_before,
    round(title, 3) as title,
    round(title_before, 3) as title_before,
    round("day", 3) as "day",
    round(day_before, 3) as day_before,
    round(author, 3) as author,
    round(author_before, 3) as author_before,
    round(deck, 3) as deck,
    round(deck_before, 3) as deck_before,
    round(picture, 3) as picture,
    round(picture_before, 3) as picture_before,
    words,
    words_before,
    list_filter(
        [
            if(has_pages and abs(rejected - rejected_before) >= 0.1, 'rejected', null),
            if(is_comparable and abs(title - title_before) >= 0.1, 'title', null),
            if(is_comparable and abs("day" - day_before) >= 0.1, 'day', null),
            if(is_comparable and abs(author - author_before) >= 0.1, 'author', null),
            if(is_comparable and abs(deck - deck_before) >= 0.1, 'deck', null),
            if(is_comparable and abs(picture - picture_before) >= 0.1, 'picture', null),
            if(
                is_comparable
                and greatest(words, words_before) > 1.5 * least(words, words_before),
                'words', null
            )
        ],
        lambda name: name is not null
    ) as drifted
from compared
order by len(drifted) = 0, source
