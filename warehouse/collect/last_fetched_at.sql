-- One row: the instant of the newest batch, page or poll.
select greatest(
    (select max(fetched_at) from documents),
    (select max(polled_at) from polls)
) as last_fetched_at
