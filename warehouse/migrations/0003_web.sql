-- What collecting from the web adds: what a page's document tells of its fetching, the links that
-- lists name, and every time that a list was asked for.
alter table documents add column link_id bigint;
alter table documents add column final_url varchar;
alter table documents add column http_status integer;
alter table documents add column redirects varchar[];
alter table documents add column content_type varchar;
alter table documents add column etag varchar;
alter table documents add column last_modified varchar;
alter table documents add column fetch_seconds double;
alter table documents add column attempt integer;
alter table documents add column look integer;
alter table documents add column again_at timestamp with time zone;
alter table documents add column rights varchar[];
alter table documents add column listed_at timestamp with time zone;
alter table documents add column listed_on date;

comment on table documents is 'What the world said, also where it said nothing. One row per thing read from a place that was new or changed, and per time that a page was asked for; the bytes stay in the lake.';
comment on column documents.source is 'Name of the source: the folder that its files lie in, or the name of its file in sources/.';
comment on column documents.location is 'Absolute path, followed by "!/" and the member name in an archive; a backslash is doubled and a byte that is no UTF-8 is written \xNN. For a page the address of its link.';
comment on column documents.file_location is 'Absolute path of the file on disk that gave it; for a page the address of its link.';
comment on column documents.outcome is 'fetched (its bytes are in the lake), unchanged (the bytes are as before), failed (there are no bytes, see reason) or postponed (there are none yet: the reason may pass, and it is asked for again).';
comment on column documents.reason is 'Why there are no bytes: one of the reasons of rejections.';
comment on column documents.file_bytes is 'Size of the file on disk when it was read; for a page that of its bytes, 0 without any.';
comment on column documents.file_modified_at is 'Modification time of the file on disk when it was read; for a page the same as fetched_at.';
comment on column documents.known_on is 'Day of the file or archive member, or on which the page was fetched; no publication date much later is believed.';
comment on column documents.fetched_at is 'When its batch was collected, which grows from batch to batch; for a page when it was asked for.';
comment on column documents.link_id is 'The link that led to the page; null for a file.';
comment on column documents.final_url is 'The address that answered, after redirects.';
comment on column documents.http_status is 'Status of the answer; null where there was none.';
comment on column documents.redirects is 'Addresses that redirected, in their order, each behind the status it gave.';
comment on column documents.content_type is 'Type of the content, as the answer states it.';
comment on column documents.etag is 'Mark of the version, which the next request gives back.';
comment on column documents.last_modified is 'Time of the version as the answer states it, which the next request gives back.';
comment on column documents.fetch_seconds is 'From the first request to the end of the answer.';
comment on column documents.attempt is 'How many times in a row it had failed, this time included; 0 where it did not.';
comment on column documents.look is 'How many times the page had been had before: 0 the first time.';
comment on column documents.again_at is 'When it is to be asked for again; null where it is not.';
comment on column documents.rights is 'What the site reserves: opt-outs of text mining and of training models.';
comment on column documents.listed_at is 'Instant of publication that the list gave which named the page.';
comment on column documents.listed_on is 'Day of publication that the list gave.';

create table sightings (
    sighting_id bigint not null,
    link_id bigint not null,
    item_id bigint not null,
    poll_id bigint,
    run_id varchar not null,
    source varchar not null,
    url varchar not null,
    stated_url varchar not null,
    list_url varchar,
    list_kind varchar not null,
    is_new boolean not null,
    wanted boolean not null,
    title varchar,
    listed_at timestamp with time zone,
    listed_on date,
    updated_at timestamp with time zone,
    seen_at timestamp with time zone not null
);
comment on table sightings is 'What lists say of links. One row per link when it is first seen, and when a list says that it was updated since.';
comment on column sightings.sighting_id is 'Digest of the poll and the link.';
comment on column sightings.link_id is 'Digest of the address in its canonical form: two lists that name one article name one link.';
comment on column sightings.item_id is 'Digest of what the list knows the item by.';
comment on column sightings.poll_id is 'The poll that saw it; null where a person named the address.';
comment on column sightings.run_id is 'The run that saw it.';
comment on column sightings.source is 'Name of the source.';
comment on column sightings.url is 'The address without what tracks a reader.';
comment on column sightings.stated_url is 'The address as the list gives it.';
comment on column sightings.list_url is 'The list.';
comment on column sightings.list_kind is 'feed, sitemap, or person where a person named the address.';
comment on column sightings.is_new is 'True where the link was not known; false where the list says that it was updated.';
comment on column sightings.wanted is 'False where the link is recorded and not fetched: it is older than the source asks for, or outside its patterns.';
comment on column sightings.title is 'Title that the list gives.';
comment on column sightings.listed_at is 'Instant of publication that the list gives, only with a zone.';
comment on column sightings.listed_on is 'Day of publication that the list gives.';
comment on column sightings.updated_at is 'Instant of the last edit that the list gives.';
comment on column sightings.seen_at is 'When the list was asked for.';

create table polls (
    poll_id bigint not null,
    run_id varchar not null,
    source varchar not null,
    url varchar not null,
    kind varchar not null,
    outcome varchar not null,
    reason varchar,
    detail varchar,
    final_url varchar,
    moved_to varchar,
    http_status integer,
    etag varchar,
    last_modified varchar,
    body_bytes bigint,
    sha256 varchar,
    robots_text varchar using compression zstd,
    "window" bigint[],
    item_count integer,
    new_count integer,
    shared_count integer,
    gap_since timestamp with time zone,
    reaches_back_to timestamp with time zone,
    attempt integer not null,
    items_per_hour double,
    interval_seconds bigint not null,
    again_at timestamp with time zone not null,
    fetch_seconds double not null,
    polled_at timestamp with time zone not null
);
comment on table polls is 'What was asked of lists. One row per time that a feed, a sitemap or a robots.txt was asked for; the bytes stay in the lake.';
comment on column polls.poll_id is 'Digest of the source, the address and the instant.';
comment on column polls.run_id is 'The run that asked.';
comment on column polls.source is 'Name of the source.';
comment on column polls.url is 'The address of the list as the source states it.';
comment on column polls.kind is 'feed, sitemap or robots.';
comment on column polls.outcome is 'changed (its bytes are in the lake), unchanged or failed (see reason).';
comment on column polls.reason is 'Why it failed: one of the reasons of rejections.';
comment on column polls.detail is 'What failed, in words.';
comment on column polls.final_url is 'The address that answered, after redirects.';
comment on column polls.moved_to is 'Where the list has moved for good; the next poll asks there.';
comment on column polls.http_status is 'Status of the answer; null where there was none.';
comment on column polls.etag is 'Mark of the version, which the next request gives back.';
comment on column polls.last_modified is 'Time of the version as the answer states it, which the next request gives back.';
comment on column polls.body_bytes is 'Length of the bytes, uncompressed.';
comment on column polls.sha256 is 'SHA-256 of the bytes, 64 hexadecimal digits.';
comment on column polls.robots_text is 'Text of a robots.txt.';
comment on column polls."window" is 'Digests of the items that a feed listed, in its order; null where they are as before.';
comment on column polls.item_count is 'Items that it listed; null where nothing was had.';
comment on column polls.new_count is 'Links that were not known before.';
comment on column polls.shared_count is 'Items that it shares with the window before; null for a first window.';
comment on column polls.gap_since is 'When the window before was seen, where the two share nothing: what was listed in between may have been missed.';
comment on column polls.reaches_back_to is 'Earliest instant or day that it states for one of its items.';
comment on column polls.attempt is 'How many times in a row it had failed, this time included; 0 where it did not.';
comment on column polls.items_per_hour is 'How fast the list has moved at its fastest; a past peak counts half a day later.';
comment on column polls.interval_seconds is 'How long to leave the list alone, from how fast it moves.';
comment on column polls.again_at is 'When it is to be asked for again.';
comment on column polls.fetch_seconds is 'From the first request to the end of the answer.';
comment on column polls.polled_at is 'When it was asked for.';
comment on column ledger.lake_table is 'Table of the lake: documents, articles, rejections, sightings or polls.';
