-- One row per paragraph that an edit took out or put in, and per headline that it changed;
-- where there was or is none stands a dash.
with
edits as (
    select *
    from revisions
    where not read_anew
),
pieces as (
    select
        texts.reading_id,
        unnest(string_split(texts.body, e'\n\n')) as piece,
        generate_subscripts(texts.kinds, 1) as position
    from texts
    where reading_id in (
        select reading_id from edits
        union all
        select previous_reading_id from edits
    )
),
put_in as (
    select edits.reading_id, 'put in' as change, position, piece
    from edits
    inner join pieces using (reading_id)
    where not exists (
        from pieces as before
        where before.reading_id = edits.previous_reading_id
            and before.piece = pieces.piece
    )
),
taken_out as (
    select edits.reading_id, 'taken out' as change, position, piece
    from edits
    inner join pieces on pieces.reading_id = edits.previous_reading_id
    where not exists (
        from pieces as later
        where later.reading_id = edits.reading_id
            and later.piece = pieces.piece
    )
),
retitled as (
    select
        reading_id,
        'headline' as change,
        0 as position,
        coalesce(previous_title, '–') || ' → ' || coalesce(title, '–') as piece
    from edits
    where title is distinct from previous_title
),
changes as (
    from retitled
    union all
    from taken_out
    union all
    from put_in
)
select
    edits.source,
    edits.title,
    edits.fetched_at,
    changes.change,
    changes.piece as text
from changes
inner join edits using (reading_id)
order by edits.fetched_at, edits.reading_id, changes.position, changes.change desc
