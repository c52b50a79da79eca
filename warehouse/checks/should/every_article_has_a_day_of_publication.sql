-- One row per source with articles of which no day of publication is known.
select source, count(*) as undated_articles
from articles
where published_on is null
group by source
