-- The storm has two paragraphs and one kind.
update texts
set kinds = ['body']
where reading_id in (
    select reading_id
    from articles
    where location = '/news/alder-lantern/storm.txt'
);
