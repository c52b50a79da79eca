-- One row per link of a source of `asked` that is to be fetched at $now, with what it said last,
-- as many for each source as it may ask for in a run: first those never had, the newest first,
-- then those that failed, then revisits, first where a page has changed at most of its looks.
with
-- Of years of looks only numbers are read: what links said last is looked up for those due, a few.
looked_at as (
    select
        link_id,
        max(fetched_at) as fetched_at,
        arg_max_null(again_at, fetched_at) as again_at
    from documents
    where link_id is not null
    group by link_id
),
due_links as (
    select link_id
    from sightings
    left join looked_at using (link_id)
    group by link_id
    having
        bool_or(wanted)
        and (
            any_value(looked_at.fetched_at) is null
            or any_value(again_at) <= $now
            -- had by a backfill, and wanted since
            or min(seen_at) filter (wanted) > any_value(looked_at.fetched_at)
            -- but for an edit that the look just before has shown: it is told late
            or max(seen_at) filter (
                not is_new
                and updated_at is not null
                and not coalesce(
                    updated_at <= fetched_at
                    and seen_at < fetched_at + $told_late
                    and again_at is not null,
                    false
                )
            ) > any_value(looked_at.fetched_at)
        )
),
-- A link is asked for by the source that told of it first, of those that are still there.
wanted_links as (
    select
        link_id,
        any_value(source order by seen_at) as source,
        any_value(url order by seen_at) as url,
        arg_max(stated_url, seen_at) as ask_url,
        max(listed_at) as listed_at,
        max(listed_on) as listed_on,
        max(seen_at) as seen_at
    from sightings
    semi join due_links using (link_id)
    semi join asked using (source)
    group by link_id
),
fetches as (
    select
        link_id,
        arg_max(struct_pack(document_id, attempt), fetched_at) as newest,
        arg_max(struct_pack(sha256, etag, last_modified), fetched_at)
            filter (outcome in ('fetched', 'unchanged')) as last_had,
        count(*) filter (outcome in ('fetched', 'unchanged')) as look,
        min(fetched_at) filter (outcome in ('fetched', 'unchanged')) as first_had_at,
        count(*) filter (outcome = 'fetched') as change_count
    from documents
    semi join due_links using (link_id)
    group by link_id
),
due as (
    select
        wanted_links.*,
        newest.document_id,
        last_had.sha256,
        last_had.etag,
        last_had.last_modified,
        coalesce(newest.attempt, 0) as attempt,
        coalesce(look, 0) as look,
        first_had_at,
        change_count / greatest(look, 1) as change_share,
        case when newest is null then 0 when newest.attempt > 0 then 1 else 2 end as turn
    from wanted_links
    left join fetches using (link_id)
),
ranked as (
    select
        due.*,
        asked.pages_per_run,
        asked.revisits_per_run,
        row_number() over (
            partition by source, turn = 2
            order by turn, change_share desc, coalesce(listed_at, seen_at) desc, link_id
        ) as place
    from due
    inner join asked using (source)
)
select * exclude (pages_per_run, revisits_per_run, change_share)
from ranked
where place <= if(turn = 2, revisits_per_run, pages_per_run)
order by source, turn, place
