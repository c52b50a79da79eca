-- A poll failed without a reason.
update polls
set outcome = 'failed'
where kind = 'robots';
