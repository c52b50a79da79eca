-- A page was fetched that nobody named.
update documents
set link_id = 99
where location = 'https://harbour-echo.example/kite';
