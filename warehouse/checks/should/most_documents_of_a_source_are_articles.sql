-- One row per source that gave more rejections than articles.
select source, article_count, rejection_count
from sources
where rejection_count > article_count
