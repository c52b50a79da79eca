-- One row per migration that this warehouse has had; it is there before the first of them.
create table if not exists migrations (
    name varchar not null,
    sha256 varchar not null
);
comment on table migrations is 'The changes of tables that were applied. One row per file of warehouse/migrations.';
comment on column migrations.name is 'Name of the file.';
comment on column migrations.sha256 is 'SHA-256 of the file as it was applied; editing it afterwards is refused.';
