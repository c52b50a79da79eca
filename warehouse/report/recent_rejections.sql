-- One row per page that gave no article in the last $days days: the newest $each of a source and
-- reason, and $most in all.
select
    rejections.source,
    rejections.reason,
    coalesce(documents.final_url, rejections.location) as location,
    rejections.detail,
    rejections.fetched_at
from rejections
anti join superseded using (reading_id)
inner join documents using (document_id)
where rejections.fetched_at > $now - to_days($days)
    and rejections.fetched_at <= $now
qualify row_number() over (
    partition by rejections.source, rejections.reason
    order by rejections.fetched_at desc, rejections.location
) <= $each
order by rejections.fetched_at desc, rejections.source, rejections.location
limit $most
