-- One row per link of `seen` that has been asked for: what it said last.
with
fetches as (
    select
        link_id,
        arg_max(struct_pack(document_id, attempt), fetched_at) as newest,
        arg_max(struct_pack(sha256, etag, last_modified), fetched_at)
            filter (outcome in ('fetched', 'unchanged')) as last_had,
        count(*) filter (outcome in ('fetched', 'unchanged')) as look,
        min(fetched_at) filter (outcome in ('fetched', 'unchanged')) as first_had_at
    from documents
    semi join seen using (link_id)
    group by link_id
)
select
    link_id,
    newest.document_id,
    newest.attempt,
    last_had.sha256,
    last_had.etag,
    last_had.last_modified,
    look,
    first_had_at
from fetches
