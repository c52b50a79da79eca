-- A document that a newer version of the extractor reads anew is no longer what it was read as.
comment on table superseded is 'Readings that are no longer current: of an article all but the newest, of a document all but the one by the newest version of the extractor. One row per such reading; every other row of article_versions and rejections is current.';
comment on table rejections is 'What gave no article, and why. One row per document and version of the extractor; those in superseded were read anew since.';
