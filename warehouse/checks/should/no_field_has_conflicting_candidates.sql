-- One row per source and field whose strong candidates disagree.
with
findings as (
    select article_versions.source, unnest(article_versions.provenance) as finding
    from article_versions
    anti join superseded using (reading_id)
)
select source, finding.field as field, count(*) as articles
from findings
where finding.conflict
group by all
