-- One row per article whose pages have all been away for at least fourteen days, to this day.
create or replace view removals as
with
requests as (
    select
        link_id,
        max(fetched_at) filter (outcome in ('fetched', 'unchanged')) as had_at,
        max(fetched_at) as fetched_at,
        arg_max(reason, fetched_at) as reason,
        arg_max(http_status, fetched_at) as http_status
    from documents
    where link_id is not null
    group by link_id
),
away as (
    select
        requests.link_id,
        had_at,
        min(documents.fetched_at) as gone_at,
        requests.fetched_at as confirmed_at,
        requests.http_status
    from requests
    inner join documents
        on documents.link_id = requests.link_id
        and documents.fetched_at > had_at
        and documents.reason = 'gone'
    where requests.reason = 'gone'
    group by all
    having confirmed_at - gone_at >= interval 14 days
),
-- an address that has come to give another article says nothing of the one that it gave before
pages as (
    select link_id, arg_max(article_id, documents.fetched_at) as article_id
    from article_versions
    anti join outdated using (reading_id)
    inner join documents using (document_id)
    where link_id is not null
    group by link_id
),
removed as (
    select
        article_id,
        arg_max(http_status, gone_at) as http_status,
        max(had_at) as had_at,
        max(gone_at) as gone_at,
        max(confirmed_at) as confirmed_at
    from pages
    left join away using (link_id)
    group by article_id
    having count(*) = count(gone_at)
)
select
    articles.article_id,
    articles.source,
    articles.title,
    articles.location,
    removed.http_status,
    removed.had_at,
    removed.gone_at,
    removed.confirmed_at
from removed
inner join articles using (article_id);

comment on view removals is 'What publishers took back; the text stays in the warehouse. One row per article whose pages, at all the addresses that give it, have been away for at least fourteen days.';
comment on column removals.http_status is 'Status of the last answer, 404 or 410; of several pages that of the last to go.';
comment on column removals.had_at is 'When one of its pages was last had.';
comment on column removals.gone_at is 'When the last of them was first found gone after that.';
comment on column removals.confirmed_at is 'When one of them was last found gone.';
