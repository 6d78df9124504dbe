-- Fills partition_key, so that writers need not know of it. The table is partitioned by the
-- expression and not by the column, because a row is routed before its triggers fire. Created after
-- the load, which has filled the column. If the table's owner is not trusted, the function is this role's until
-- the swap, for as long as this role fires it: its owner could put another body into it.
-- Lock: SHARE ROW EXCLUSIVE on the new table and its partitions, which nobody uses.
DO $executor$
BEGIN
  EXECUTE format('CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS %L',
    {{ source | suffix('_partition_key') | literal }}, format($body$
BEGIN
  NEW.partition_key := abs(hashtext(NEW.%I::text) %% {{ partition_count }});
  RETURN NEW;
END
$body$, {{ key_column | literal }}));
END
$executor$;

{% with function = source | suffix('_partition_key') %}
{% include 'security/own_function.sql' %}
{% endwith %}

-- Triggers fire by name: this one comes last and sees the collection that others have set.
CREATE TRIGGER zz_partition_key BEFORE INSERT OR UPDATE ON {{ target | ident }}
FOR EACH ROW EXECUTE FUNCTION {{ source | suffix('_partition_key') | ident }}();

-- ALWAYS: a session may have session_replication_role = replica. Before PostgreSQL 15 the partitions do
-- not follow.
DO $executor$
DECLARE
  relation regclass;
BEGIN
  FOR relation IN SELECT relid FROM pg_partition_tree({{ target | literal }}::regclass) LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER zz_partition_key', relation);
  END LOOP;
END
$executor$;
