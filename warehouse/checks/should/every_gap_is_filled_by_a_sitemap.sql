-- One row per gap that no sitemap reaches back over.
select source, url, gap_since, polled_at
from gaps
where filled_at is null
