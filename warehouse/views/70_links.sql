-- One row per link that any list has named.
create or replace view links as
with
seen as (
    select
        link_id,
        any_value(source order by seen_at) as source,
        any_value(url order by seen_at) as url,
        any_value(list_url order by seen_at) as list_url,
        any_value(list_kind order by seen_at) as list_kind,
        any_value(title order by seen_at) as title,
        max(listed_at) as listed_at,
        max(listed_on) as listed_on,
        bool_or(wanted) as wanted,
        min(seen_at) as discovered_at
    from sightings
    group by link_id
),
fetches as (
    select
        link_id,
        arg_max(struct_pack(outcome, reason, http_status, again_at), fetched_at) as newest,
        count(*) as request_count,
        max(fetched_at) as fetched_at,
        max(fetched_at) filter (outcome in ('fetched', 'unchanged')) as had_at
    from documents
    where link_id is not null
    group by link_id
)
select
    link_id,
    source,
    url,
    list_url,
    list_kind,
    title,
    case
        when newest is null then if(wanted, 'pending', 'not_wanted')
        when newest.outcome = 'postponed' then 'pending'
        when newest.reason = 'robots' then 'refused'
        else newest.outcome
    end as outcome,
    newest.reason,
    newest.http_status,
    coalesce(request_count, 0) as request_count,
    listed_on,
    listed_at,
    discovered_at,
    fetched_at,
    had_at,
    newest.again_at as again_at
from seen
left join fetches using (link_id);

comment on view links is 'What there is to fetch, and what came of it. One row per link that any list has named.';
comment on column links.source is 'Name of the source that named it first.';
comment on column links.url is 'The address without what tracks a reader.';
comment on column links.list_url is 'The list that named it first.';
comment on column links.list_kind is 'feed, sitemap, or person where a person named the address.';
comment on column links.title is 'Title that the list gives.';
comment on column links.outcome is 'fetched, unchanged (the last look found it as before), failed (see reason), refused (by robots.txt), pending (not had yet, or to be tried again) or not_wanted (recorded only).';
comment on column links.reason is 'Why the last request gave nothing: one of the reasons of rejections.';
comment on column links.http_status is 'Status of the last answer.';
comment on column links.request_count is 'How many times it was asked for.';
comment on column links.discovered_at is 'When a list first named it.';
comment on column links.fetched_at is 'When it was last asked for.';
comment on column links.had_at is 'When it was last had.';
comment on column links.again_at is 'When it is to be asked for again; null where it is not.';
