{## Lets every statement that writes to the table {{ schema }}.{{ name }} log the keys of its rows: by `logger`. A statement
    fires the triggers of the table that it names, so those of the partitions catch what is written past the table,
    and no row is logged twice. A row that moves between partitions is an old and a new one. Enabled ALWAYS, for
    a session may have session_replication_role = replica. -##}
{% from 'repartition/earlier.sql' import logs with context -%}
CREATE TRIGGER {{ (logs ~ '_insert') | ident }} AFTER INSERT ON {{ schema | ident }}.{{ name | ident }} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {{ logger | ident }}();
CREATE TRIGGER {{ (logs ~ '_update') | ident }} AFTER UPDATE ON {{ schema | ident }}.{{ name | ident }} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {{ logger | ident }}();
CREATE TRIGGER {{ (logs ~ '_delete') | ident }} AFTER DELETE ON {{ schema | ident }}.{{ name | ident }} REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {{ logger | ident }}();
CREATE TRIGGER {{ (logs ~ '_truncate') | ident }} BEFORE TRUNCATE ON {{ schema | ident }}.{{ name | ident }} FOR EACH STATEMENT EXECUTE FUNCTION {{ logger | ident }}();
ALTER TABLE {{ schema | ident }}.{{ name | ident }} ENABLE ALWAYS TRIGGER {{ (logs ~ '_insert') | ident }}, ENABLE ALWAYS TRIGGER {{ (logs ~ '_update') | ident }}, ENABLE ALWAYS TRIGGER {{ (logs ~ '_delete') | ident }}, ENABLE ALWAYS TRIGGER {{ (logs ~ '_truncate') | ident }};
