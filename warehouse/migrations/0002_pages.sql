-- What pages give that text files do not.
alter table article_versions add column lead_image varchar;
alter table article_versions add column outlet varchar;

comment on column article_versions.lead_image is 'Address of the picture that the page shows for its story.';
comment on column article_versions.outlet is 'Name of the outlet, as the page states it.';
comment on column texts.kinds is 'What each paragraph is, in order: body, subhead, quote, list, table or correction.';
