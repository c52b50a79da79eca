-- One row per wire agency: who relies on it, and how much.
with
total as (
    select count(*) as articles
    from articles
)
select
    agency,
    count(*) as articles,
    count(distinct content_hash) as stories,
    count(distinct source) as source_count,
    list(distinct source order by source) as sources,
    round(100 * count(*) / any_value(total.articles), 1) as percent_of_articles
from articles
cross join total
where agency is not null
group by agency
order by articles desc, agency
