-- A materialized view can't be re-pointed, and filling one takes time. So each that reads the table
-- gets a twin on the new table, with the same indexes; the swap exchanges their names.
-- Lock: ACCESS EXCLUSIVE on the table, if there is such a view, for some milliseconds: the twins are
-- created while the new table bears the name, so that each definition is right as it stands.
CREATE TEMPORARY TABLE twins ON COMMIT DROP AS
SELECT
  t.*,
  rtrim(pg_get_viewdef(t.view), ';') AS definition,
  c.relowner::regrole AS owner,
  EXISTS (SELECT FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
          WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = t.view AND r.ev_class <> t.view) AS has_readers,
  (SELECT a.amname FROM pg_am AS a WHERE a.oid = c.relam) AS method,
  (SELECT ' WITH (' || string_agg(format('%I = %L', option_name, option_value), ', ') || ')'
   FROM pg_options_to_table(c.reloptions)) AS options,
  (SELECT s.spcname FROM pg_tablespace AS s WHERE s.oid = c.reltablespace) AS tablespace
FROM (
{% with ending = '_new_' ~ timestamp %}
{% include 'repartition/twins/twins.sql' %}
{% endwith %}
) AS t
JOIN pg_class AS c ON c.oid = t.view;

-- After it was written down what they are: one that came since is not said again.
{% with written = [], read = [source, target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

DO $executor$
BEGIN
  IF EXISTS (SELECT FROM pg_temp.twins WHERE definition IS DISTINCT FROM rtrim(pg_get_viewdef(view), ';')) THEN
    RAISE EXCEPTION 'a materialized view was dropped at this very moment';
  END IF;
END
$executor$;

{% with first = source, second = target %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}

-- One waiting time for all locks together; lock_timeout alone would count anew for each.
SET LOCAL statement_timeout = {{ settings.lock_timeout | literal }};

DO $executor$
DECLARE
  twin record;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_temp.twins) THEN
    RETURN;
  END IF;
  LOCK TABLE {{ source | ident }}, {{ target | ident }} IN ACCESS EXCLUSIVE MODE;
  ALTER TABLE {{ source | ident }} RENAME TO {{ old.name | ident }};
  ALTER TABLE {{ target | ident }} RENAME TO {{ source.name | ident }};
  FOR twin IN SELECT * FROM pg_temp.twins ORDER BY depth LOOP
    EXECUTE format('CREATE MATERIALIZED VIEW %I.%I USING %I%s%s AS %s WITH NO DATA',
                   twin.schema, twin.twin, twin.method, twin.options,
                   ' TABLESPACE ' || quote_ident(twin.tablespace), twin.definition);
    -- what fills it and builds its indexes does so as its owner
    EXECUTE format('ALTER MATERIALIZED VIEW %I.%I OWNER TO %s', twin.schema, twin.twin, twin.owner);
    IF twin.has_readers THEN
      EXECUTE format('ALTER MATERIALIZED VIEW %I.%I RENAME TO %I', twin.schema, twin.name, ('-' || twin.twin)::name);
      EXECUTE format('ALTER MATERIALIZED VIEW %I.%I RENAME TO %I', twin.schema, twin.twin, twin.name);
    END IF;
  END LOOP;
  FOR twin IN SELECT * FROM pg_temp.twins WHERE has_readers LOOP
    EXECUTE format('ALTER MATERIALIZED VIEW %I.%I RENAME TO %I', twin.schema, twin.name, twin.twin);
    EXECUTE format('ALTER MATERIALIZED VIEW %I.%I RENAME TO %I', twin.schema, ('-' || twin.twin)::name, twin.name);
  END LOOP;
  ALTER TABLE {{ source | ident }} RENAME TO {{ target.name | ident }};
  ALTER TABLE {{ old | ident }} RENAME TO {{ source.name | ident }};
END
$executor$;

SET LOCAL statement_timeout = 0;

-- The head of an index definition is known to the letter; what follows is taken over as it is.
DO $executor$
DECLARE
  index record;
BEGIN
  FOR index IN
    SELECT
      twin.schema,
      twin.twin,
      CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END AS kind,
      CASE WHEN octet_length(long.name) > 63
        THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END AS name,
      substr(pg_get_indexdef(c.oid), 1 + length(format('CREATE %sINDEX %I ON %s',
        CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname, twin.view::regclass))) AS body,
      coalesce(s.spcname, '') AS tablespace,
      i.indisclustered
    FROM pg_temp.twins AS twin
    JOIN pg_index AS i ON i.indrelid = twin.view AND i.indisvalid
    JOIN pg_class AS c ON c.oid = i.indexrelid
    LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
    CROSS JOIN LATERAL (SELECT c.relname || {{ ('_new_' ~ timestamp) | literal }}) AS long (name)
  LOOP
    PERFORM set_config('default_tablespace', index.tablespace, true);
    EXECUTE format('CREATE %s %I ON %I.%I%s', index.kind, index.name, index.schema, index.twin, index.body);
    IF index.indisclustered THEN
      EXECUTE format('ALTER MATERIALIZED VIEW %I.%I CLUSTER ON %I', index.schema, index.twin, index.name);
    END IF;
  END LOOP;
END
$executor$;

DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT twin.schema, twin.twin, a.attname, a.attstattarget
    FROM pg_temp.twins AS twin
    JOIN pg_attribute AS a ON a.attrelid = twin.view AND a.attnum > 0 AND a.attstattarget >= 0
  LOOP
    EXECUTE format('ALTER MATERIALIZED VIEW %I.%I ALTER COLUMN %I SET STATISTICS %s',
                   item.schema, item.twin, item.attname, item.attstattarget);
  END LOOP;
END
$executor$;

-- Default privileges must not show a twin to those who can't read the view.
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT twin.schema, twin.twin, string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ') AS grantees
    FROM pg_temp.twins AS twin
    JOIN pg_class AS c ON c.oid = format('%I.%I', twin.schema, twin.twin)::regclass
    CROSS JOIN aclexplode(c.relacl) AS a
    WHERE a.grantee <> c.relowner
    GROUP BY twin.schema, twin.twin
  LOOP
    EXECUTE format('REVOKE ALL ON %I.%I FROM %s', item.schema, item.twin, item.grantees);
  END LOOP;
END
$executor$;
