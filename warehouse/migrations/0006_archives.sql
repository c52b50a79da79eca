-- What a backfill needs to know of archives: which lists an index names, and days of edits.
alter table polls add column children struct(url varchar, changed_on date)[];
alter table sightings add column updated_on date;

comment on column polls.children is 'The lists that a sitemap names, each with the day of its last change as stated; empty where it names none, null where it was not read anew or an earlier version read it.';
comment on column sightings.updated_on is 'Day of the last edit that the list gives, where it gives a day or an instant.';
