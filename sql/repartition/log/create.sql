{## Makes the function `logger`, which logs into the table `keys`: for every row that a statement writes, its
    key before and its key after. What the rows are now is read later, by key, so neither the order of the
    entries nor their number matters. `plain` is the table of the application as it was, by the name that it has
    now. With `aside` the function is for the table that is not in use: there a foreign key may delete what a
    trigger has kept in the other one, and somebody may write by name, but what the passes write is left out, and not what
    a trigger writes besides. A pass is known by its keys in a temporary table that nobody can make but a role that has the rights of the
    table's owner; unlike a setting, which anybody could set. With `later` it is but written down, as the setting
    executor.make_aside or executor.make_in_use, by which the swap replaces the function under its lock. -##}
DO $executor$
DECLARE
  owner regrole := (SELECT relowner FROM pg_class WHERE oid = {{ source | literal }}::regclass);
  columns text;
  definer text := 'SECURITY DEFINER';
  statement text;
BEGIN
  SELECT string_agg(quote_ident(name), ', ' ORDER BY place, name) INTO columns
  FROM (
{% with relation = plain %}
{% include 'repartition/log/logged_columns.sql' %}
{% endwith %}
  ) AS key;
  -- It runs with the rights of the owner, whoever writes, and finds no name by chance; so nobody may have it run at
  -- a table of his own. The table is known by its oid, or by its name where that is from a dump. With `aside` the
  -- passes fire it, and an owner who is not trusted could put another body into it: then it is this role's, and
  -- does without rights of its own. A TRUNCATE has no rows to look at, and an older snapshot would not show all that it removes.
{% if aside %}
  IF owner NOT IN (
{% include 'security/trusted_roles.sql' %}
  ) THEN
    owner := current_user::regrole;
    definer := 'SECURITY INVOKER';
  END IF;
{% endif %}
  statement := format(
    'CREATE OR REPLACE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql %2$s SET search_path = pg_catalog, pg_temp SET row_security = off '
    'AS %3$L; ALTER FUNCTION %1$s() OWNER TO %4$s', {{ logger | literal }}, definer, format($body$
#variable_conflict use_column
BEGIN
{%- if aside %}

  IF pg_trigger_depth() = 1 AND EXISTS (
    SELECT FROM pg_class AS hand JOIN pg_class AS here ON here.oid = TG_RELID
    WHERE hand.relnamespace = pg_my_temp_schema() AND hand.relname = %3$L AND hand.relkind = 'r'
      AND pg_has_role(hand.relowner, here.relowner, 'USAGE') AND pg_relation_size(hand.oid) > 0)
  THEN
    RETURN NULL;
  END IF;
{%- else %}

  IF coalesce(pg_partition_root(TG_RELID), TG_RELID)::oid NOT IN (%4$s, coalesce(to_regclass(%5$L)::oid, 0))
    OR TG_LEVEL <> 'STATEMENT' OR TG_NAME NOT IN ('executor_insert', 'executor_update', 'executor_delete', 'executor_truncate')
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege', MESSAGE = format('%%s is not the table whose changes this function logs', TG_RELID::regclass);
  END IF;
{%- endif %}

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
$body$, {{ keys | literal }}, columns, {{ keys.name | literal }}, {% if later %}{{ target | literal }}{% else %}{{ source | literal }}{% endif %}::regclass::oid,
    {{ source | literal }}), owner);
{% if later %}
  -- which transactions made the triggers and, since it is replaced, the function
  PERFORM set_config({{ ('executor.make_aside' if aside else 'executor.make_in_use') | literal }},
    statement || format('; COMMENT ON FUNCTION %s() IS %L', {{ logger | literal }}, concat_ws(' ',
      (SELECT DISTINCT xmin FROM pg_trigger WHERE tgfoid = {{ logger | literal }}::regproc), pg_current_xact_id()::xid)), true);
{% else %}
  EXECUTE statement;
{% endif %}
END
$executor$;

{% with function = logger %}
{% include 'security/own_function.sql' %}
{% endwith %}
