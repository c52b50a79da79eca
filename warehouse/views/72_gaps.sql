-- One row per time that a feed showed nothing of what it had shown at the poll before.
create or replace view gaps as
with
gap_polls as (
    select poll_id, source, url, gap_since, polled_at
    from polls
    where gap_since is not null
),
fillers as (
    select
        gap_polls.poll_id,
        min(sitemaps.polled_at) as filled_at
    from gap_polls
    inner join polls as sitemaps
        on sitemaps.source = gap_polls.source
        and sitemaps.kind = 'sitemap'
        and sitemaps.outcome <> 'failed'
        and sitemaps.polled_at >= gap_polls.polled_at
        and sitemaps.reaches_back_to <= gap_polls.gap_since
    group by gap_polls.poll_id
),
found as (
    select
        gap_polls.poll_id,
        count(*) as found_count
    from gap_polls
    inner join sightings
        on sightings.source = gap_polls.source
        and sightings.list_kind = 'sitemap'
        and sightings.is_new
        and sightings.wanted
        and sightings.seen_at >= gap_polls.polled_at
        and sightings.listed_at between gap_polls.gap_since and gap_polls.polled_at
    group by gap_polls.poll_id
)
select
    poll_id,
    source,
    url,
    gap_since,
    polled_at,
    filled_at,
    coalesce(found_count, 0) as found_count
from gap_polls
left join fillers using (poll_id)
left join found using (poll_id);

comment on view gaps is 'Where something may have been missed. One row per time that a feed showed nothing of what it had shown at the poll before.';
comment on column gaps.poll_id is 'The poll that saw it.';
comment on column gaps.source is 'Name of the source.';
comment on column gaps.url is 'The feed.';
comment on column gaps.gap_since is 'When the feed was last seen before.';
comment on column gaps.polled_at is 'When it was seen again.';
comment on column gaps.filled_at is 'When a sitemap of the source was first read that reaches back over the gap; null where none has been.';
comment on column gaps.found_count is 'Links dated in the gap that only a sitemap named.';
