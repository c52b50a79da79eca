-- One row per article and field for which the page says two things: what was chosen, and how.
with
findings as (
    select
        article_versions.source,
        article_versions.title,
        article_versions.location,
        unnest(article_versions.provenance) as finding
    from article_versions
    anti join superseded using (reading_id)
)
select
    source,
    finding.field as field,
    finding.method as chosen_by,
    finding.candidates as candidates,
    title,
    location
from findings
where finding.conflict
order by source, field, title, location
