-- One row per source and reason for which its pages of the last $days days gave no article.
select source, reason, count(*) as pages
from rejections
anti join superseded using (reading_id)
where fetched_at > $now - to_days($days)
    and fetched_at <= $now
group by source, reason
order by pages desc, source, reason
