-- One row per paragraph that a revision took out or put in, and per headline that it changed.
with
pieces as (
    select
        texts.reading_id,
        unnest(string_split(texts.body, e'\n\n')) as piece,
        generate_subscripts(texts.kinds, 1) as position
    from texts
    where reading_id in (
        select reading_id from revisions
        union all
        select previous_reading_id from revisions
    )
),
put_in as (
    select revisions.reading_id, 'put in' as change, position, piece
    from revisions
    inner join pieces using (reading_id)
    where not exists (
        from pieces as before
        where before.reading_id = revisions.previous_reading_id
            and before.piece = pieces.piece
    )
),
taken_out as (
    select revisions.reading_id, 'taken out' as change, position, piece
    from revisions
    inner join pieces on pieces.reading_id = revisions.previous_reading_id
    where not exists (
        from pieces as later
        where later.reading_id = revisions.reading_id
            and later.piece = pieces.piece
    )
),
retitled as (
    select reading_id, 'headline' as change, 0 as position, previous_title || ' → ' || title as piece
    from revisions
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
    revisions.source,
    revisions.title,
    revisions.fetched_at,
    changes.change,
    changes.piece as text
from changes
inner join revisions using (reading_id)
order by revisions.fetched_at, revisions.reading_id, changes.position, changes.change desc
