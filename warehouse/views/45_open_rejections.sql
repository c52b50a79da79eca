-- One row per rejection that nothing has mended since: its place gives no article to this day.
create or replace view open_rejections as
with
standing as (
    select *
    from rejections
    anti join superseded using (reading_id)
),
-- a look that found the bytes as before, or nothing for the time being, tells nothing new
newest as (
    select location, max(fetched_at) as fetched_at
    from documents
    semi join standing using (location)
    where outcome in ('fetched', 'failed')
    group by location
),
-- an archive that is whole again gives members, and nothing at its own place
members as (
    select file_location as location, max(fetched_at) as members_fetched_at
    from documents
    semi join standing on standing.location = documents.file_location
    where documents.location <> documents.file_location
    group by file_location
)
select standing.*
from standing
semi join newest using (location, fetched_at)
left join members using (location)
where members_fetched_at is null
    or members_fetched_at <= standing.fetched_at;

comment on view open_rejections is 'What gives no article now, and why. One row per rejection that nothing has mended since: no newer document of its place was read, and no member of it, where it is an archive.';
