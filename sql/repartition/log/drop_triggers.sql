{## Ends what create_triggers.sql has begun, wherever the table is by now, and whether or not it has
    any: on the table itself (`reach` is root), or on its partitions too (all). -##}
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT t.tgname, t.tgrelid::regclass AS relation
    FROM pg_trigger AS t
    JOIN pg_class AS c ON c.oid = t.tgrelid{% if reach == 'root' %} AND NOT c.relispartition{% endif %}

    WHERE t.tgfoid = to_regproc({{ keys | literal }})
    ORDER BY t.oid
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, item.relation);
  END LOOP;
END
$executor$;
