-- One row per poll whose kind or outcome is not in the list or does not fit its other columns.
select poll_id, source, url, kind, outcome, reason
from polls
where kind not in ('feed', 'sitemap', 'robots')
    or outcome not in ('changed', 'unchanged', 'failed')
    or (outcome = 'failed') <> (reason is not null)
