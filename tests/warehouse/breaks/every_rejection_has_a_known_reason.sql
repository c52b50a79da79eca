-- A page was rejected for a reason that nobody has heard of.
update rejections
set reason = 'too_dull'
where reason = 'consent';
