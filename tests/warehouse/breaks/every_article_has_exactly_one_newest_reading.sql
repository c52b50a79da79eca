-- The ferry's second reading is taken for current beside its third.
delete from superseded
where reading_id in (
    select arg_max(reading_id, fetched_at)
    from article_versions
    semi join superseded using (reading_id)
);
