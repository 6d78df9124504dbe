{## Lets every statement that writes to a table log the keys of its rows in `keys`: the table `relation`
    itself (`reach` is root), its partitions (partitions), or both (all). A statement fires the triggers
    of the table that it names, so those of the partitions catch what is written past the table, and no
    row is logged twice. A row that moves between partitions is an old and a new one. Enabled ALWAYS, for
    a session may have session_replication_role = replica. -##}
DO $executor$
DECLARE
  whole regclass := {{ relation | literal }};
  captured regclass;
  kind record;
BEGIN
  FOR captured IN
    SELECT oid FROM pg_class
    WHERE {% if reach == 'root' %}oid = whole{% elif reach == 'partitions' %}oid IN (SELECT relid FROM pg_partition_tree(whole) WHERE relid <> whole)
    {%- else %}oid = whole OR oid IN (SELECT relid FROM pg_partition_tree(whole)){% endif %}

    ORDER BY oid
  LOOP
    FOR kind IN VALUES
      ('executor_insert', 'AFTER INSERT', ' REFERENCING NEW TABLE AS new_rows'),
      ('executor_update', 'AFTER UPDATE', ' REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'),
      ('executor_delete', 'AFTER DELETE', ' REFERENCING OLD TABLE AS old_rows'),
      ('executor_truncate', 'BEFORE TRUNCATE', '')
    LOOP
      EXECUTE format('CREATE TRIGGER %I %s ON %s%s FOR EACH STATEMENT EXECUTE FUNCTION %s()',
                     kind.column1, kind.column2, captured, kind.column3, {{ keys | literal }});
      EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', captured, kind.column1);
    END LOOP;
  END LOOP;
END
$executor$;
