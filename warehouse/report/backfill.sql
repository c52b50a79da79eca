-- One row per source of `asked` and month, within $from_on and $to_on: how far its archive is in the
-- warehouse. The row of a source without a month has the links whose day nothing tells. A list of
-- `archive_lists` counts for each month that it may hold, a link for the first that it may be of.
with
asked_months as (
    select
        source,
        month::date as month,
        greatest(month::date, $from_on) as from_on,
        least(last_day(month::date), $to_on) as to_on
    from asked
    cross join range(date_trunc('month', $from_on), $to_on + 1, interval 1 month) as months (month)
),
lists_by_month as (
    select
        asked_months.source,
        asked_months.month,
        count(url) as lists,
        count(url) filter (is_failed) as lists_failed,
        count(url) filter (
            not is_failed and (answered_at is null or answered_at::date <= asked_months.to_on)
        ) as lists_pending
    from asked_months
    left join archive_lists
        on archive_lists.source = asked_months.source
        and (first_on is null or first_on <= asked_months.to_on + 1)
        and (last_on is null or last_on >= asked_months.from_on - 1)
        and (changed_on is null or changed_on >= asked_months.from_on - 1)
    group by asked_months.source, asked_months.month
),
article_links as (
    select distinct link_id
    from documents
    semi join article_versions using (document_id)
    where link_id is not null
),
wished as (
    select
        dated_links.source,
        if(first_on is null, null, date_trunc('month', greatest(first_on, $from_on))::date) as month,
        request_count > 0 and outcome in ('fetched', 'unchanged') as is_had,
        request_count > 0 and outcome in ('failed', 'refused') as is_failed,
        article_links.link_id is not null as is_article
    from dated_links
    semi join asked using (source)
    anti join left_out using (link_id)
    left join article_links using (link_id)
    where first_on is null
        or (first_on <= $to_on and last_on >= $from_on)
),
links_by_month as (
    select
        source,
        month,
        count(*) as listed,
        count(*) filter (is_had) as fetched,
        count(*) filter (is_article) as articles,
        count(*) filter (is_had and not is_article) as rejected,
        count(*) filter (is_failed) as failed,
        count(*) filter (not is_had and not is_failed) as pending
    from wished
    group by source, month
),
undated as (
    select source, pending as undated_pending
    from links_by_month
    where month is null
),
by_month as (
    select
        lists_by_month.source,
        lists_by_month.month,
        lists,
        lists_failed,
        lists_pending,
        coalesce(listed, 0) as listed,
        coalesce(fetched, 0) as fetched,
        coalesce(articles, 0) as articles,
        coalesce(rejected, 0) as rejected,
        coalesce(failed, 0) as failed,
        coalesce(pending, 0) as pending,
        lists > 0
        and lists_pending = 0
        and coalesce(pending, 0) = 0
        and coalesce(undated_pending, 0) = 0 as is_complete
    from lists_by_month
    left join links_by_month using (source, month)
    left join undated using (source)
),
without_month as (
    select
        source,
        null::date as month,
        0 as lists,
        0 as lists_failed,
        0 as lists_pending,
        listed,
        fetched,
        articles,
        rejected,
        failed,
        pending,
        pending = 0 as is_complete
    from links_by_month
    where month is null
)
select * from by_month
union all
select * from without_month
order by source, month nulls last
