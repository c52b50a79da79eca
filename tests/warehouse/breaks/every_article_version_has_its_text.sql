-- The storm's text is lost.
delete from texts
where reading_id in (
    select reading_id
    from articles
    where location = '/news/alder-lantern/storm.txt'
);
