-- The tables of the warehouse. Uniqueness is checked before publication, not by indexes, which
-- DuckDB rewrites at every checkpoint. Instants are UTC; days end in _on, instants in _at.

create table ledger (
    lake_table varchar not null,
    from_version bigint not null,
    through_version bigint not null,
    row_count bigint not null
);
comment on table ledger is 'What was loaded. One row per lake table and span of lake commits, written in the transaction that loaded them.';
comment on column ledger.lake_table is 'Table of the lake: documents, articles or rejections.';
comment on column ledger.from_version is 'First commit of the span; 0 is the first commit of the table.';
comment on column ledger.through_version is 'Last commit of the span.';
comment on column ledger.row_count is 'Rows that the span added.';

create table documents (
    document_id bigint not null,
    batch_id bigint not null,
    run_id varchar not null,
    source varchar not null,
    location varchar not null,
    file_location varchar not null,
    kind varchar,
    outcome varchar not null,
    reason varchar,
    detail varchar,
    sha256 varchar,
    body_bytes bigint,
    file_bytes bigint not null,
    last_in_file boolean not null,
    known_on date,
    file_modified_at timestamp with time zone not null,
    fetched_at timestamp with time zone not null
);
comment on table documents is 'What the world said. One row per thing read from a place that was new or changed; the bytes stay in the lake.';
comment on column documents.document_id is 'Digest of the place, of the document that it gave before, and of the content.';
comment on column documents.batch_id is 'The batch that it was collected in; a batch is read as a whole.';
comment on column documents.run_id is 'The run that collected it.';
comment on column documents.source is 'Name of the source: the folder that its files lie in.';
comment on column documents.location is 'Absolute path, followed by "!/" and the member name in an archive. A backslash is doubled and a byte that is no UTF-8 is written \xNN.';
comment on column documents.file_location is 'Absolute path of the file on disk that gave it.';
comment on column documents.kind is 'text or html; null where nothing could be read.';
comment on column documents.outcome is 'fetched (its bytes are in the lake), unchanged (its file was touched, its bytes are as before) or failed (there are no bytes, see reason).';
comment on column documents.reason is 'Why it failed: one of the reasons of rejections.';
comment on column documents.detail is 'What failed, in words.';
comment on column documents.sha256 is 'SHA-256 of the bytes, 64 hexadecimal digits.';
comment on column documents.body_bytes is 'Length of the bytes, uncompressed.';
comment on column documents.file_bytes is 'Size of the file on disk when it was read.';
comment on column documents.last_in_file is 'True on the last document that a file gives: a file whose last document is here was read to its end.';
comment on column documents.known_on is 'Day of the file or archive member; no publication date much later is believed.';
comment on column documents.file_modified_at is 'Modification time of the file on disk when it was read.';
comment on column documents.fetched_at is 'When its batch was collected; it grows from batch to batch.';

create table article_versions (
    reading_id bigint not null,
    article_id bigint not null,
    document_id bigint not null,
    batch_id bigint not null,
    extractor_version integer not null,
    source varchar not null,
    location varchar not null,
    content_hash uuid not null,
    page_state varchar not null,
    language varchar,
    title varchar,
    deck varchar,
    section varchar,
    authors varchar[] not null,
    agency varchar,
    dateline_place varchar,
    dateline_on date,
    canonical_url varchar,
    tags varchar[] not null,
    word_count integer not null,
    reading_minutes integer,
    published_on date,
    published_at timestamp with time zone,
    published_utc_offset_minutes smallint,
    modified_at timestamp with time zone,
    modified_utc_offset_minutes smallint,
    file_modified_at timestamp with time zone not null,
    fetched_at timestamp with time zone not null,
    provenance struct(field varchar, method varchar, candidates varchar[], conflict boolean)[] not null
);
comment on table article_versions is 'The history. One row per reading: a document that gave an article, as one version of the extractor reads it. Rows are only ever added.';
comment on column article_versions.reading_id is 'Digest of document_id and extractor_version.';
comment on column article_versions.article_id is 'Digest of the canonical URL, or of the place where there is no URL; the same through all revisions.';
comment on column article_versions.document_id is 'The document that was read.';
comment on column article_versions.batch_id is 'The batch that the document was collected and read in.';
comment on column article_versions.extractor_version is 'Version of the extractor; docs/data-changelog.md says what each changed.';
comment on column article_versions.source is 'Name of the source: the folder that its files lie in.';
comment on column article_versions.location is 'The place that the document came from.';
comment on column article_versions.content_hash is 'Half of the SHA-256 of title and paragraphs, after Unicode, white space and paragraph breaks are normalised: equal content, equal hash.';
comment on column article_versions.page_state is 'What the page is: article, paywall_stub, live_blog, video.';
comment on column article_versions.language is 'Detected language, ISO 639-1 where it has a code there.';
comment on column article_versions.title is 'Headline, without the name of the site.';
comment on column article_versions.deck is 'The sentence or two below the headline.';
comment on column article_versions.section is 'Section or kicker, as the page has it.';
comment on column article_versions.authors is 'Names of the authors; empty where none is named.';
comment on column article_versions.agency is 'Wire agency that the text is from, as the page names it.';
comment on column article_versions.dateline_place is 'Where the story says that it was written.';
comment on column article_versions.dateline_on is 'The day that the dateline names.';
comment on column article_versions.canonical_url is 'The address that the page gives for itself.';
comment on column article_versions.tags is 'Keywords that the page gives; empty where there are none.';
comment on column article_versions.word_count is 'Words of the paragraphs: runs of letters and digits, or characters where a script has no spaces.';
comment on column article_versions.reading_minutes is 'Reading time that the page claims.';
comment on column article_versions.published_on is 'Day of publication, in the zone of the source.';
comment on column article_versions.published_at is 'Instant of publication, only where the source gives a time with its zone.';
comment on column article_versions.published_utc_offset_minutes is 'Offset from UTC that the source gave published_at in.';
comment on column article_versions.modified_at is 'Instant of the last edit that the source tells, only with a zone.';
comment on column article_versions.modified_utc_offset_minutes is 'Offset from UTC that the source gave modified_at in.';
comment on column article_versions.file_modified_at is 'Modification time of the file that it was read from.';
comment on column article_versions.fetched_at is 'When the document was collected.';
comment on column article_versions.provenance is 'How each field was found: the method, the candidates, and whether strong candidates disagreed.';

create table texts (
    reading_id bigint not null,
    body varchar not null using compression zstd,
    kinds varchar[] not null,
    captions struct(text varchar, credit varchar)[] not null,
    related_headlines varchar[] not null,
    links varchar[] not null
);
comment on table texts is 'The text of each reading. One row per row of article_versions.';
comment on column texts.reading_id is 'The reading.';
comment on column texts.body is 'The paragraphs, parted by an empty line.';
comment on column texts.kinds is 'What each paragraph is, in order: body, subhead, quote, list or correction.';
comment on column texts.captions is 'Captions of pictures, with the credit where it is known.';
comment on column texts.related_headlines is 'Headlines of other stories that stood on the page; they are not in the body.';
comment on column texts.links is 'Addresses that the page links to.';

create table superseded (
    reading_id bigint not null
);
comment on table superseded is 'Readings that are no longer the newest of their article. One row per such reading; every other row of article_versions is current.';
comment on column superseded.reading_id is 'The reading.';

create table rejections (
    reading_id bigint not null,
    document_id bigint not null,
    batch_id bigint not null,
    extractor_version integer not null,
    source varchar not null,
    location varchar not null,
    reason varchar not null,
    detail varchar not null,
    page_state varchar,
    fetched_at timestamp with time zone not null
);
comment on table rejections is 'What gave no article, and why. One row per document and version of the extractor.';
comment on column rejections.reading_id is 'Digest of document_id and extractor_version.';
comment on column rejections.document_id is 'The document that was read.';
comment on column rejections.batch_id is 'The batch that the document was collected and read in.';
comment on column rejections.extractor_version is 'Version of the extractor.';
comment on column rejections.source is 'Name of the source.';
comment on column rejections.location is 'The place that the document came from.';
comment on column rejections.reason is 'One of a closed list; docs/dictionary.md has their meanings.';
comment on column rejections.detail is 'What was wrong, in words.';
comment on column rejections.page_state is 'What the page is, where that is the reason.';
comment on column rejections.fetched_at is 'When the document was collected.';
