-- One row per source and symptom that its pages of the last $drift_days days show more often than
-- those of $history_weeks weeks before: by $drift_share at least, and so much that it comes by
-- chance once in 1 / $chance times. What an archive gives is left out.
with
fetched as (
    select document_id, coalesce(listed_on, fetched_at::date) as listed_on
    from documents
    where outcome = 'fetched'
        and fetched_at > $now - to_days($drift_days) - to_days(7 * $history_weeks)
        and fetched_at <= $now
),
readings as (
    select
        source,
        fetched_at,
        title is null as lacks_title,
        published_on is null as lacks_day,
        len(authors) = 0 as lacks_authors,
        word_count,
        false as lacks_article
    from articles
    semi join fetched using (document_id)
    where published_on is null
        or published_on >= fetched_at::date - 3
    union all
    select source, fetched_at, null, null, null, null, true
    from rejections
    anti join superseded using (reading_id)
    inner join fetched using (document_id)
    where listed_on >= fetched_at::date - 3
),
usual_lengths as (
    select source, median(word_count) as usual_words
    from readings
    where fetched_at <= $now - to_days($drift_days)
    group by source
),
symptoms as (
    select
        source,
        fetched_at,
        fetched_at > $now - to_days($drift_days) as is_recent,
        unnest([
            {'symptom': 'no article', 'is_shown': lacks_article},
            {'symptom': 'no title', 'is_shown': lacks_title},
            {'symptom': 'no day of publication', 'is_shown': lacks_day},
            {'symptom': 'no author', 'is_shown': lacks_authors},
            {'symptom': 'a short body', 'is_shown': word_count < usual_words / 4}
        ], recursive := true)
    from readings
    inner join usual_lengths using (source)
),
counted as (
    select
        source,
        symptom,
        count(is_shown) filter (is_recent) as pages,
        count(*) filter (is_recent and is_shown) as shown,
        count(is_shown) filter (not is_recent) as earlier_pages,
        count(*) filter (not is_recent and is_shown) as earlier_shown
    from symptoms
    group by source, symptom
    -- fewer, or those of a day, say nothing of what is usual; a few recent ones may be of a kind
    having earlier_pages >= 30
        and pages >= 10
        and count(distinct fetched_at::date) filter (not is_recent) >= 7
),
-- A share differs from week to week by more than chance, so however many earlier pages there are
-- they tell it as 200 would: the number to expect is binomial with a share that is so uncertain.
believed as (
    select
        *,
        0.5 + earlier_shown * least(1, 200 / earlier_pages) as "for",
        0.5 + (earlier_pages - earlier_shown) * least(1, 200 / earlier_pages) as against
    from counted
    where shown / pages - earlier_shown / earlier_pages >= $drift_share
),
judged as (
    select
        *,
        list_sum(list_transform(
            range(shown, pages + 1),
            lambda many: exp(
                lgamma(pages + 1) - lgamma(many + 1) - lgamma(pages - many + 1)
                + lgamma(many + "for") + lgamma(pages - many + against)
                - lgamma(pages + "for" + against)
                + lgamma("for" + against) - lgamma("for") - lgamma(against)
            )
        )) as chance
    from believed
)
select
    source || ': ' || symptom as subject,
    format(
        '{}: {} in {:,} of {:,} pages of the last {} days, against {:,} of {:,} in the {} weeks '
        || 'before',
        source, symptom, shown, pages, $drift_days, earlier_shown, earlier_pages, $history_weeks
    ) as message,
    source,
    symptom,
    shown,
    pages,
    earlier_shown,
    earlier_pages,
    chance
from judged
where chance <= $chance
order by source, symptom
