-- A reading is superseded that never was.
insert into superseded values (1);
