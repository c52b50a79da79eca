-- One row per row of `incoming`, in the columns that this version knows; those that an older
-- lake does not have are null, lists empty. What the warehouse does not hold is left in the lake.
select * exclude (cuts, published_month) replace (
    coalesce(authors, []) as authors,
    coalesce(tags, []) as tags,
    coalesce(links, []) as links,
    coalesce(paragraphs, []) as paragraphs,
    coalesce(captions, []) as captions,
    coalesce(related_headlines, []) as related_headlines,
    coalesce(provenance, []) as provenance
)
from (from expected union all by name from incoming)
