-- One row per sitemap of $source that was ever asked for: what it said last, and what it names.
with
asked as (
    select
        url,
        arg_max(struct_pack(outcome, reason, attempt, again_at), polled_at) as newest,
        arg_max(struct_pack(etag, last_modified, sha256), polled_at)
            filter (outcome <> 'failed') as last_answer,
        -- a move is over when a list is had where it was
        arg_max(struct_pack(moved_to), polled_at)
            filter (moved_to is not null or (outcome <> 'failed' and final_url = url)) as last_move,
        arg_max(children, polled_at) filter (children is not null) as children,
        max(polled_at) filter (outcome <> 'failed') as answered_at,
        min(polled_at) filter (outcome <> 'failed') as first_polled_at
    from polls
    where source = $source
        and kind = 'sitemap'
    group by url
)
select
    url,
    newest.outcome,
    newest.reason,
    newest.attempt,
    last_answer.etag,
    last_answer.last_modified,
    last_answer.sha256,
    last_move.moved_to,
    children,
    newest.again_at,
    answered_at,
    first_polled_at
from asked
order by url
