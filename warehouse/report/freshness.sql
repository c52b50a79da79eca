-- One row: when something was last collected, and since when a list of `watched_lists` has been due.
with
newest_polls as (
    select arg_max(again_at, polled_at) as again_at
    from polls
    semi join watched_lists using (source, url)
    group by source, url
)
select
    greatest(
        (select max(fetched_at) from documents),
        (select max(polled_at) from polls)
    ) as last_collected_at,
    (select min(again_at) from newest_polls) as due_at
