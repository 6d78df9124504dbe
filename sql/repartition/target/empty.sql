-- Empties the new table, if it is there; the source still has every row.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
DO {% set body %}

DECLARE
  tree oid[];
  strange text;
  item record;
  stray record;
BEGIN
  -- what somebody else has made under its name is left as it is
  IF NOT EXISTS (SELECT FROM pg_class AS made WHERE oid = to_regclass({{ target | literal }}) AND
{% include 'repartition/target/ours.sql' %}
    ) THEN
    RETURN;
  END IF;
  LOCK TABLE {{ target | ident }} IN ACCESS EXCLUSIVE MODE;
{% with functions = [log, back_log] %}
  {% include 'repartition/log/drop_strays.sql' %}
{% endwith %}

  -- After a swap it has the triggers of the application, and one that forbids a TRUNCATE would stop this: none of them is
  -- fired, be it one of the table or of a partition alone. They go with it. Nor does code of another run with the rights
  -- of this session, be it on what its owner has put in the place of the new table, or made a child of it.
  tree := ARRAY(
    WITH RECURSIVE tree (relid) AS (
      SELECT {{ target | literal }}::regclass::oid
      UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.relid
    )
    SELECT relid FROM tree);
  SELECT string_agg(oid::regclass::text, ', ' ORDER BY relname) INTO strange
  FROM pg_class WHERE oid = ANY (tree) AND relkind NOT IN ('r', 'p');
  IF strange IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has what the plan has not made: %s, which is no table', {{ target | literal }}::regclass, strange),
      HINT = 'Nothing was changed. Drop or detach it, or give back the new table its name, then roll back again.';
  END IF;
  FOR item IN
    SELECT DISTINCT tgrelid::regclass AS relation FROM pg_trigger
    WHERE tgrelid = ANY (tree) AND NOT tgisinternal AND tgenabled <> 'D' AND tgtype & 32 <> 0 -- of TRUNCATE
  LOOP
    EXECUTE format('ALTER TABLE ONLY %s DISABLE TRIGGER USER', item.relation);
  END LOOP;
  ALTER TABLE {{ target | ident }} DISABLE TRIGGER USER;
{% with written = [target], read = [], called = [] %}
  {% include 'security/no_foreign_code.sql' %}
{% endwith %}

  TRUNCATE {{ target | ident }};
END
{% endset %}{{ body | dollar_quoted }};
