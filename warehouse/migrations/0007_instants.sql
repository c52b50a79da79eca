-- Instants that Python cannot hold, as lists gave them that an earlier version read, are none: they
-- ended every run that came upon them.
update sightings
set listed_at = null
where
    listed_at not between timestamptz '0001-01-01 00:00:00+00'
    and timestamptz '9999-12-31 23:59:59.999999+00';

update sightings
set updated_at = null
where
    updated_at not between timestamptz '0001-01-01 00:00:00+00'
    and timestamptz '9999-12-31 23:59:59.999999+00';

update documents
set listed_at = null
where
    listed_at not between timestamptz '0001-01-01 00:00:00+00'
    and timestamptz '9999-12-31 23:59:59.999999+00';

update polls
set reaches_back_to = null
where
    reaches_back_to not between timestamptz '0001-01-01 00:00:00+00'
    and timestamptz '9999-12-31 23:59:59.999999+00';
