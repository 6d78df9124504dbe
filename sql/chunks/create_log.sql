{## Creates `keys`, a log of keys, and the function of the same name that writes it: for every row that
    a statement writes, its key before and its key after. What the rows are now is read later, by key,
    so neither the order of the entries nor their number matters. The log is an ordinary logged table,
    because one that a crash empties would lose writes, and has no index, which every writer would pay
    for. It has a replica identity, so that a publication of all tables does not stop its deletes. -##}
DO $executor$
DECLARE
  owner regrole := (SELECT relowner FROM pg_class WHERE oid = {{ source | literal }}::regclass);
  columns text;
BEGIN
  SELECT string_agg(quote_ident(name), ', ' ORDER BY place, name) INTO columns
  FROM (
{% with relation = source %}
{% include 'chunks/key_columns.sql' %}
{% endwith %}
  ) AS key;
  EXECUTE format('CREATE TABLE %s WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000) '
                 'AS SELECT %s FROM %s WITH NO DATA', {{ keys | literal }}, columns, {{ source | literal }}::regclass);
  ALTER TABLE {{ keys | ident }} REPLICA IDENTITY FULL;

  -- It runs with the rights of the owner, whoever writes, and finds no name by chance. A TRUNCATE has no
  -- rows to look at, and an older snapshot would not show all that it removes.
  EXECUTE format($function$
CREATE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $body$
#variable_conflict use_column
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO %1$s SELECT %2$s FROM new_rows;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO %1$s SELECT %2$s FROM old_rows UNION SELECT %2$s FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO %1$s SELECT %2$s FROM old_rows;
  ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING
      MESSAGE = format('while executor keeps another table in step with %%s, it can be truncated in a READ COMMITTED transaction only', TG_RELID::regclass),
      HINT = 'Use DELETE, or another isolation level.';
  ELSE
    EXECUTE format('INSERT INTO %%s SELECT %%s FROM %%s', %1$L, %2$L, TG_RELID::regclass);
  END IF;
  RETURN NULL;
END
$body$
$function$, {{ keys | literal }}, columns);
  REVOKE ALL ON FUNCTION {{ keys | ident }}() FROM PUBLIC;
  IF owner <> current_user::regrole THEN
    EXECUTE format('ALTER FUNCTION %s() OWNER TO %s', {{ keys | literal }}, owner);
  END IF;
END
$executor$;

{% with relation = keys %}
{% include 'chunks/private.sql' %}
{% include 'chunks/added.sql' %}
{% endwith %}
