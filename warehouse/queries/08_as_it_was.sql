-- One row per article that was not yet, or not yet so, when the newest run began.
with
newest_run as (
    select max(first_fetched_at) as began_at
    from runs
),
before as (
    -- a macro takes any instant: articles_asof('2026-03-01 06:00:00Z')
    from articles_asof((select began_at - interval 1 microsecond from newest_run))
)
select
    articles.source,
    articles.title,
    before.title as title_before,
    if(before.article_id is null, 'new', 'revised') as what,
    articles.word_count - coalesce(before.word_count, 0) as words_added
from articles
left join before using (article_id)
where before.content_hash is distinct from articles.content_hash
order by what, articles.source, articles.title
