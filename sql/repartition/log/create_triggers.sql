{## Lets every statement that writes to the table {{ schema }}.{{ name }} log the keys of its rows: by `logger`. A statement
    fires the triggers of the table that it names, so those of the partitions catch what is written past the table,
    and no row is logged twice. A row that moves between partitions is an old and a new one. Enabled ALWAYS, for
    a session may have session_replication_role = replica. -##}
CREATE TRIGGER executor_insert AFTER INSERT ON {{ schema | ident }}.{{ name | ident }} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {{ logger | ident }}();
CREATE TRIGGER executor_update AFTER UPDATE ON {{ schema | ident }}.{{ name | ident }} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {{ logger | ident }}();
CREATE TRIGGER executor_delete AFTER DELETE ON {{ schema | ident }}.{{ name | ident }} REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {{ logger | ident }}();
CREATE TRIGGER executor_truncate BEFORE TRUNCATE ON {{ schema | ident }}.{{ name | ident }} FOR EACH STATEMENT EXECUTE FUNCTION {{ logger | ident }}();
ALTER TABLE {{ schema | ident }}.{{ name | ident }} ENABLE ALWAYS TRIGGER executor_insert, ENABLE ALWAYS TRIGGER executor_update, ENABLE ALWAYS TRIGGER executor_delete, ENABLE ALWAYS TRIGGER executor_truncate;
