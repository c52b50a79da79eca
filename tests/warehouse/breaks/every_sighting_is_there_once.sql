-- A link was seen by a poll that is not there.
update sightings
set poll_id = 99
where url = 'https://harbour-echo.example/kite';
