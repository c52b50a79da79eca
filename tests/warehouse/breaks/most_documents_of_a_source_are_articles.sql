-- A source with one article has two rejections.
update rejections
set source = 'saltmere-ledger';
