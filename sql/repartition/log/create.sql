{## Makes the function `logger`, or, with `replaces`, puts another body into it if it is there, which logs into the table `keys`: for every row that a
    statement writes, its key before and its key after. What the rows are now is read later, by key, so neither the
    order of the entries nor their number matters. It runs with the rights of the table's owner, whoever writes, and
    finds no name by chance. So nobody may have it run at a table of his own, and be it this one, given to him since: the
    types of its columns, and what casts them, are his then. Before anything else it looks whose the table is.

    With `aside` it is for the table that is not in use: there a foreign key may delete what a trigger has kept in the
    other one, and somebody may write by name, but what the passes write is left out, and not what a trigger writes
    besides. A pass is known by its keys in a temporary table that nobody can make but a role that has the rights of
    the table's owner; unlike a setting, which anybody could set. The passes fire this function, and an owner who is
    not trusted could put another body into it: then it is this role's, and does without rights of its own.

    Nobody knows what a function that was there before is called by: `replaces` is `proven` where that is the run's own, else
    it is asked whose it is. -##}
{% set replaces = replaces | default('') %}
{% set trusted = not facts.owner or facts.owner[0].trusted %}
{% set body %}

#variable_conflict use_column
BEGIN
{% if trusted or not aside %}
  IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID)), current_user, 'USAGE') IS NOT TRUE THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('%s does not belong to %s, with whose rights what is written to it would be logged', TG_RELID::regclass, current_user),
      HINT = (SELECT format('If it was given to %1$s, give these to %1$s, too: ALTER TABLE %2$s OWNER TO %1$s; ALTER FUNCTION %3$s() OWNER TO %1$s.',
        relowner::regrole, {{ keys | string | literal }}, {{ logger | string | literal }}) FROM pg_class WHERE oid = coalesce(pg_partition_root(TG_RELID), TG_RELID));
  END IF;
{% endif %}
{% if aside %}
  -- the passes keep both tables in step themselves
  IF pg_trigger_depth() = 1 AND EXISTS (
    SELECT FROM pg_class AS hand JOIN pg_class AS here ON here.oid = TG_RELID
    WHERE hand.relnamespace = pg_my_temp_schema() AND hand.relname = {{ keys.name | literal }} AND hand.relkind = 'r'
      AND pg_has_role(hand.relowner, here.relowner, 'USAGE') AND pg_relation_size(hand.oid) > 0)
  THEN
    RETURN NULL;
  END IF;
{% endif %}
  IF TG_OP = 'INSERT' THEN
    INSERT INTO {{ keys | ident }} SELECT {% include 'repartition/log/key.sql' %} FROM new_rows;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO {{ keys | ident }} SELECT {% include 'repartition/log/key.sql' %} FROM old_rows UNION SELECT {% include 'repartition/log/key.sql' %} FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO {{ keys | ident }} SELECT {% include 'repartition/log/key.sql' %} FROM old_rows;
  -- a TRUNCATE has no rows to look at, and an older snapshot would not show all that it removes
  ELSIF NOT starts_with(current_setting('transaction_isolation'), 'read ') THEN
    RAISE EXCEPTION USING
      MESSAGE = format('while executor keeps another table in step with %s, it can be truncated in a READ COMMITTED transaction only', TG_RELID::regclass),
      HINT = 'Use DELETE, or another isolation level.';
  ELSE
{% set all_keys %}INSERT INTO {{ keys | ident }} SELECT {% include 'repartition/log/key.sql' %} FROM {% endset %}
    EXECUTE {{ all_keys | literal }} || TG_RELID::regclass;
  END IF;
  RETURN NULL;
END
{% endset %}
CREATE {% if replaces %}OR REPLACE {% endif %}FUNCTION {{ logger | ident }}() RETURNS trigger
LANGUAGE plpgsql SECURITY {% if aside and not trusted %}INVOKER{% else %}DEFINER{% endif %} SET search_path = pg_catalog, pg_temp SET row_security = off
AS {{ body | dollar_quoted }};
{% if replaces != 'proven' %}
{% with function = logger %}
{% include 'security/own_function.sql' %}
{% endwith %}
{% endif %}
{% for owner in owners | default(facts.owner) %}
ALTER FUNCTION {{ logger | ident }}() OWNER TO {% if aside and not owner.trusted %}CURRENT_USER{% else %}{{ owner.role_sql }}{% endif %};
{% endfor %}
