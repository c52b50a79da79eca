-- One row per reason and source: how many places give no article now, why, and one of
-- them. What has been mended since is in `rejections` alone.
select
    open_rejections.reason,
    reasons.meaning,
    open_rejections.source,
    count(*) as documents,
    min(open_rejections.location) as example
from open_rejections
inner join reasons using (reason)
group by open_rejections.reason, reasons.meaning, open_rejections.source
order by documents desc, open_rejections.reason, open_rejections.source
