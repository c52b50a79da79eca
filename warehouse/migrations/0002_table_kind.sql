-- Cells of tables are a kind of their own since pages are read by our own reader.
comment on column texts.kinds is 'What each paragraph is, in order: body, subhead, quote, list, table or correction.';
