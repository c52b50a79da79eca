-- One row per reason and source: how many documents gave no article, why, and one of them.
select
    rejections.reason,
    reasons.meaning,
    rejections.source,
    count(*) as documents,
    min(rejections.location) as example
from rejections
anti join superseded using (reading_id)
inner join reasons using (reason)
group by rejections.reason, reasons.meaning, rejections.source
order by documents desc, rejections.reason, rejections.source
