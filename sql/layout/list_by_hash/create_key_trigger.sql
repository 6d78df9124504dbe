-- Fills partition_key, so that writers need not know of it. The table is partitioned by the
-- expression and not by the column, because a row is routed before its triggers fire. Created after
-- the load, which has filled the column. If the table's owner is not trusted, the function is this role's until
-- the swap, for as long as this role fires it: its owner could put another body into it.
-- Lock: SHARE ROW EXCLUSIVE on the new table and its partitions, which nobody uses.
{% from 'repartition/earlier.sql' import ending with context %}
CREATE FUNCTION {{ source | suffix(ending) | ident }}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $executor$
BEGIN
{% if (key_column | ident).startswith('U&') %}
  -- PL/pgSQL does not know NEW."name" where the name is written with escapes
  NEW.partition_key := (SELECT abs(hashtext(r.{{ key_column | ident }}::text) % {{ partition_count }}) FROM (SELECT NEW.*) AS r);
{% else %}
  NEW.partition_key := abs(hashtext(NEW.{{ key_column | ident }}::text) % {{ partition_count }});
{% endif %}
  RETURN NEW;
END
$executor$;

{% with function = source | suffix(ending) %}
{% include 'security/own_function.sql' %}
{% endwith %}

-- Triggers fire by name: this one comes last and sees the collection that others have set.
CREATE TRIGGER zz_partition_key BEFORE INSERT OR UPDATE ON {{ target | ident }}
FOR EACH ROW EXECUTE FUNCTION {{ source | suffix(ending) | ident }}();

-- ALWAYS: a session may have session_replication_role = replica.
ALTER TABLE {{ target | ident }} ENABLE ALWAYS TRIGGER zz_partition_key;
{% if facts.server[0].version < 150000 %}
{% from 'layout/list_by_hash/numbers.sql' import numbers with context %}
-- Before PostgreSQL 15 the partitions do not follow.
{% for item in numbers %}
{% from 'layout/list_by_hash/partition_name.sql' import of_item with context %}
ALTER TABLE {{ of_item | ident }} ENABLE ALWAYS TRIGGER zz_partition_key;
{% endfor %}
{% endif %}
