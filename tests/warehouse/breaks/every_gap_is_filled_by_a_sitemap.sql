-- A feed jumped, and no sitemap was asked for.
update polls
set gap_since = polled_at - interval 1 hour
where kind = 'feed';
