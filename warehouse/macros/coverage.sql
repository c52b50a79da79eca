-- One row per source and day of publication in a range of days, both ends included.
create or replace macro coverage(first_on, last_on) as table
select
    source,
    published_on,
    count(*) as article_count,
    count(distinct content_hash) as distinct_content_count,
    sum(word_count)::bigint as word_count
from articles
where published_on between first_on and last_on
group by source, published_on;

comment on macro table coverage is 'How much a source published when. One row per source and day of publication in a range of days, both ends included; a day without a row had no article.';
