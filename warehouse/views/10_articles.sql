-- One row per article: its newest reading.
create or replace view articles as
select * exclude (provenance)
from article_versions
anti join superseded using (reading_id);

comment on view articles is 'The articles as they are now. One row per article: its newest reading.';
