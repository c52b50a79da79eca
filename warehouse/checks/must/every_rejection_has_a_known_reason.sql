-- One row per rejection whose reason is not in the closed list.
select reading_id, source, location, reason
from rejections
anti join reasons using (reason)
