-- One row per article with more than one current reading, or with none although one stands: a
-- reading stands while no newer version of the extractor has read its document.
with
current_readings as (
    select article_id
    from article_versions
    anti join superseded using (reading_id)
),
doubled as (
    select article_id, count(*) as current_readings
    from current_readings
    group by article_id
    having count(*) > 1
),
lost as (
    select distinct article_id, 0 as current_readings
    from article_versions
    anti join current_readings using (article_id)
    anti join outdated using (reading_id)
)
select article_id, current_readings
from doubled
union all
select article_id, current_readings
from lost
