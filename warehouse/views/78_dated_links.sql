-- One row per link that any list has named, with the days on which it may have been published.
create or replace view dated_links as
with
named as (
    select
        link_id,
        arg_max(stated_url, seen_at) as stated_url,
        max(coalesce(updated_on, updated_at::date)) as updated_on
    from sightings
    group by link_id
),
paths as (
    select
        links.*,
        named.stated_url,
        named.updated_on,
        regexp_replace(links.url, '^[a-z]+://[^/]+', '') as path,
        regexp_replace(coalesce(links.list_url, ''), '^[a-z]+://[^/]+', '') as list_path
    from links
    inner join named using (link_id)
),
parts as (
    select
        *,
        regexp_extract(
            path,
            '(?:^|[^0-9])((?:19|20)[0-9]{2})[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$)',
            ['year', 'month', 'day']
        ) as ymd,
        regexp_extract(
            path,
            '/((?:19|20)[0-9]{2})/([0-9]{1,2}|[a-z]{3})/([0-9]{1,2})/',
            ['year', 'month', 'day']
        ) as y_m_d,
        regexp_extract(
            path, '/((?:19|20)[0-9]{2})/(0?[1-9]|1[0-2])/', ['year', 'month']
        ) as y_m,
        regexp_extract(
            list_path,
            '(?:^|[^0-9])((?:19|20)[0-9]{2})[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$)',
            ['year', 'month', 'day']
        ) as list_ymd,
        regexp_extract(
            list_path,
            '(?:^|[^0-9])((?:19|20)[0-9]{2})[/_.-]?(0[1-9]|1[0-2])(?:[^0-9]|$)',
            ['year', 'month']
        ) as list_ym
    from paths
),
read_parts as (
    select
        *,
        coalesce(
            try_cast(concat_ws('-', ymd.year, ymd.month, ymd.day) as date),
            try_cast(
                concat_ws(
                    '-',
                    y_m_d.year,
                    coalesce(
                        list_position(
                            string_split('jan feb mar apr may jun jul aug sep oct nov dec', ' '),
                            y_m_d.month
                        )::varchar,
                        y_m_d.month
                    ),
                    y_m_d.day
                ) as date
            )
        ) as address_on,
        try_cast(concat_ws('-', y_m.year, y_m.month, '01') as date) as address_month,
        try_cast(concat_ws('-', list_ymd.year, list_ymd.month, list_ymd.day) as date) as list_name_on,
        try_cast(concat_ws('-', list_ym.year, list_ym.month, '01') as date) as list_name_month
    from parts
),
believed as (
    -- nothing is published long after it was listed: a number that says so is no date
    select
        * replace (
            if(address_on <= discovered_at::date + 1, address_on, null) as address_on,
            if(address_month <= discovered_at::date + 1, address_month, null) as address_month
        )
    from read_parts
)
select
    link_id,
    source,
    url,
    stated_url,
    case
        when listed_on is not null then 'list'
        when address_on is not null or address_month is not null then 'address'
        when list_name_on is not null or list_name_month is not null then 'list_name'
        when updated_on is not null then 'last_edit'
    end as dated_by,
    outcome,
    reason,
    request_count,
    coalesce(
        listed_on, address_on, address_month, list_name_on, list_name_month, updated_on
    ) as first_on,
    coalesce(
        listed_on,
        address_on,
        last_day(address_month),
        list_name_on,
        last_day(list_name_month),
        updated_on
    ) as last_on,
    listed_on,
    listed_at,
    discovered_at,
    again_at
from believed;

comment on view dated_links is 'When a link may have been published, as far as is told without its page. One row per link that any list has named.';
comment on column dated_links.source is 'Name of the source that named it first.';
comment on column dated_links.url is 'The address without what tracks a reader.';
comment on column dated_links.stated_url is 'The address as a list gave it last.';
comment on column dated_links.dated_by is 'What tells the days: the list, the address, the list_name (a sitemap of a month or a day) or the last_edit that the list states; null where nothing does.';
comment on column dated_links.outcome is 'As in links.';
comment on column dated_links.reason is 'Why the last request gave nothing: one of the reasons of rejections.';
comment on column dated_links.request_count is 'How many times it was asked for.';
comment on column dated_links.first_on is 'First day on which it may have been published; null where nothing tells.';
comment on column dated_links.last_on is 'Last day on which it may have been published; that of a month where only the month is told.';
comment on column dated_links.listed_on is 'Day of publication that the list gives.';
comment on column dated_links.listed_at is 'Instant of publication that the list gives, only with a zone.';
comment on column dated_links.discovered_at is 'When a list first named it.';
comment on column dated_links.again_at is 'When it is to be asked for again; null where it is not.';
