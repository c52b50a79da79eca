-- One row per source, the largest first, and a last row for all of them: what is in the warehouse.
with
articles_by_source as (
    select
        source,
        count(*) as articles,
        sum(word_count)::bigint as words,
        min(published_on) as first_day,
        max(published_on) as last_day,
        list(distinct language order by language) as languages
    from articles
    group by source
),
revisions_by_source as (
    select source, count(*) as revisions
    from revisions
    group by source
),
by_source as (
    select
        sources.source,
        coalesce(articles, 0) as articles,
        coalesce(revisions, 0) as revisions,
        rejection_count as rejections,
        coalesce(words, 0) as words,
        first_day,
        last_day,
        coalesce(languages, []) as languages
    from sources
    left join articles_by_source using (source)
    left join revisions_by_source using (source)
),
in_all as (
    select
        'all ' || count(*) || ' sources' as source,
        sum(articles)::bigint as articles,
        sum(revisions)::bigint as revisions,
        sum(rejections)::bigint as rejections,
        sum(words)::bigint as words,
        min(first_day) as first_day,
        max(last_day) as last_day,
        list_sort(list_distinct(flatten(list(languages)))) as languages
    from by_source
),
lines as (
    select *, 1 as part from by_source
    union all
    select *, 2 as part from in_all
)
select
    source,
    articles,
    revisions,
    rejections,
    words,
    first_day,
    last_day,
    array_to_string(languages, ' ') as languages
from lines
order by part, articles desc, source
