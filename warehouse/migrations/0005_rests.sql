-- How long hosts ask to be left alone, so that the next run does.
alter table documents add column rest_until timestamp with time zone;
alter table polls add column rest_until timestamp with time zone;

comment on column documents.rest_until is 'Until when the host asks to be left alone; null where it does not.';
comment on column polls.rest_until is 'Until when the host asks to be left alone; null where it does not.';
