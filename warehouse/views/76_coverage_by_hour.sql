-- One row per source and hour in which something was asked of it.
create or replace view coverage_by_hour as
with
polled as (
    select
        source,
        date_trunc('hour', polled_at) as hour_at,
        count(*) as polled,
        count(*) filter (outcome <> 'failed') as succeeded,
        count(gap_since) as gaps
    from polls
    where kind <> 'robots'
    group by all
),
discovered as (
    select source, date_trunc('hour', seen_at) as hour_at, count(*) as discovered
    from sightings
    where is_new and wanted
    group by all
),
fetched as (
    select
        source,
        date_trunc('hour', fetched_at) as hour_at,
        count(*) as requested,
        count(*) filter (outcome in ('fetched', 'unchanged')) as fetched
    from documents
    where link_id is not null
    group by all
),
parsed as (
    select source, date_trunc('hour', fetched_at) as hour_at, count(*) as parsed
    from article_versions
    anti join outdated using (reading_id)
    semi join (from documents where link_id is not null) using (document_id)
    group by all
),
rejected as (
    select source, date_trunc('hour', fetched_at) as hour_at, count(*) as rejected
    from rejections
    anti join outdated using (reading_id)
    semi join (from documents where link_id is not null) using (document_id)
    group by all
)
select
    source,
    hour_at,
    coalesce(polled, 0) as polled,
    coalesce(succeeded, 0) as succeeded,
    coalesce(gaps, 0) as gaps,
    coalesce(discovered, 0) as discovered,
    coalesce(requested, 0) as requested,
    coalesce(fetched, 0) as fetched,
    coalesce(parsed, 0) as parsed,
    coalesce(rejected, 0) as rejected
from polled
full join discovered using (source, hour_at)
full join fetched using (source, hour_at)
full join parsed using (source, hour_at)
full join rejected using (source, hour_at);

comment on view coverage_by_hour is 'What collecting covered. One row per source and hour in which something was asked of it.';
comment on column coverage_by_hour.source is 'Name of the source.';
comment on column coverage_by_hour.hour_at is 'The beginning of the hour.';
comment on column coverage_by_hour.polled is 'Times that a list was asked for.';
comment on column coverage_by_hour.succeeded is 'Times that a list answered.';
comment on column coverage_by_hour.gaps is 'Feeds that showed nothing of what they had shown before.';
comment on column coverage_by_hour.discovered is 'Links that were new and wanted.';
comment on column coverage_by_hour.requested is 'Pages asked for.';
comment on column coverage_by_hour.fetched is 'Pages had, changed or not.';
comment on column coverage_by_hour.parsed is 'Pages that are articles, as they are read now.';
comment on column coverage_by_hour.rejected is 'Pages that are none, as they are read now.';
