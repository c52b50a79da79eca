-- One row per reading that is current although a newer version has read its document anew.
select reading_id
from outdated
anti join superseded using (reading_id)
