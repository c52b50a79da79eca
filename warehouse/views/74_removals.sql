-- One row per article whose page has been away for at least fourteen days, to this day.
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
),
pages as (
    select distinct article_id, link_id
    from article_versions
    inner join documents using (document_id)
    where link_id is not null
)
select
    articles.article_id,
    articles.source,
    articles.title,
    articles.location,
    away.http_status,
    away.had_at,
    away.gone_at,
    away.confirmed_at
from away
inner join pages using (link_id)
inner join articles using (article_id)
where away.confirmed_at - away.gone_at >= interval 14 days;

comment on view removals is 'What publishers took back; the text stays in the warehouse. One row per article whose page has been away for at least fourteen days.';
comment on column removals.http_status is 'Status of the last answer: 404 or 410.';
comment on column removals.had_at is 'When the page was last had.';
comment on column removals.gone_at is 'When it was first found gone after that.';
comment on column removals.confirmed_at is 'When it was last found gone.';
