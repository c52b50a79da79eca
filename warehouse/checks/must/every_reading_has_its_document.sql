-- One row per reading whose document is not there.
with
readings as (
    select reading_id, document_id from article_versions
    union all
    select reading_id, document_id from rejections
)
select reading_id, document_id
from readings
anti join documents using (document_id)
