-- A link was taken for a known one at first sight.
update sightings
set is_new = false
where url = 'https://harbour-echo.example/kite';
