
-- What hangs on the old table, and what reads it, as the statements that will say the same of the new
-- one. Written down now, while the name means the old table.
CREATE TEMPORARY TABLE swap_properties ON COMMIT DROP AS
{% with side = 'leaving' %}
{% include 'chunks/swap_properties.sql' %}
{% endwith %};

-- GRANT takes no lock that would keep it out meanwhile, so the privileges are looked at again later.
CREATE TEMPORARY TABLE swap_privileges ON COMMIT DROP AS
SELECT c.oid, c.relacl, (SELECT array_agg(a.attacl ORDER BY a.attnum) FROM pg_attribute AS a
                         WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)::text AS column_acls
FROM pg_temp.swap_pairs AS pair
JOIN pg_class AS c ON c.oid = pair.leaving;

CREATE TEMPORARY TABLE swap_readers ON COMMIT DROP AS
WITH reader AS (
  SELECT DISTINCT d.classid, d.objid
  FROM pg_temp.swap_pairs AS pair
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = pair.leaving AND d.deptype = 'n'
)
SELECT 'view ' || v.oid::regclass AS name,
  format('CREATE OR REPLACE VIEW %s%s AS %s', v.oid::regclass,
    (SELECT ' WITH (' || string_agg(format('%I = %L', option_name, option_value), ', ') || ')'
     FROM pg_options_to_table(v.reloptions)), pg_get_viewdef(v.oid)) AS statement
FROM reader
JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid AND r.rulename = '_RETURN'
JOIN pg_class AS v ON v.oid = r.ev_class AND v.relkind = 'v'
UNION ALL
SELECT 'rule ' || r.rulename || ' on ' || r.ev_class::regclass, 'CREATE OR REPLACE' || substr(pg_get_ruledef(r.oid), length('CREATE') + 1)
FROM reader
JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid AND r.rulename <> '_RETURN'
WHERE r.ev_class NOT IN (SELECT leaving FROM pg_temp.swap_pairs WHERE leaving IS NOT NULL)
UNION ALL
SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid)
FROM reader
JOIN pg_proc AS p ON reader.classid = 'pg_proc'::regclass AND p.oid = reader.objid
UNION ALL
SELECT 'policy ' || p.polname || ' on ' || p.polrelid::regclass,
  format('ALTER POLICY %I ON %s', p.polname, p.polrelid::regclass)
    || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
FROM reader
JOIN pg_policy AS p ON reader.classid = 'pg_policy'::regclass AND p.oid = reader.objid
WHERE p.polrelid NOT IN (SELECT leaving FROM pg_temp.swap_pairs WHERE leaving IS NOT NULL);

-- Publications that name the table. Their row filters and column lists are younger than PostgreSQL 14.
CREATE TEMPORARY TABLE swap_publications ON COMMIT DROP AS
SELECT
  p.pubname,
  format('ALTER PUBLICATION %I ADD TABLE %s', p.pubname, r.prrelid::regclass)
    || CASE WHEN to_jsonb(r) ->> 'prattrs' IS NULL THEN '' ELSE (
         SELECT ' (' || string_agg(quote_ident(name), ', ') || ')'
         FROM jsonb_array_elements_text(to_jsonb(t) -> 'attnames') AS name) END
    || coalesce(' WHERE (' || (to_jsonb(t) ->> 'rowfilter') || ')', '') AS statement
FROM pg_publication AS p
JOIN pg_publication_rel AS r ON r.prpubid = p.oid AND r.prrelid = {{ source | literal }}::regclass
LEFT JOIN pg_publication_tables AS t
  ON t.pubname = p.pubname AND t.schemaname = {{ source.schema | literal }} AND t.tablename = {{ source.name | literal }};

-- Changes in a partition are published under the partition's name, which no subscriber knows, unless
-- the publication says otherwise.
CREATE TEMPORARY TABLE swap_roots ON COMMIT DROP AS
{% if back %}
SELECT p.*
FROM pg_publication AS p
WHERE to_jsonb(p.pubname) <@ (({% include 'chunks/memory.sql' %}) -> 'publications');
{% else %}
SELECT p.*
FROM pg_publication AS p
WHERE NOT p.pubviaroot AND EXISTS (
  SELECT FROM pg_publication_tables AS t
  JOIN pg_namespace AS n ON n.nspname = t.schemaname
  JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.tablename
  WHERE t.pubname = p.pubname AND (c.oid = {{ source | literal }}::regclass
    OR c.oid IN (SELECT relid FROM pg_partition_tree({{ source | literal }}::regclass))));

DO $executor$
DECLARE
  others text;
BEGIN
  SELECT string_agg(DISTINCT format('%I publishes %s', p.pubname, pg_partition_root(c.oid)::regclass), ', ') INTO others
  FROM pg_temp.swap_roots AS p
  JOIN pg_publication_rel AS r ON r.prpubid = p.oid
  JOIN pg_class AS c ON c.oid = r.prrelid AND (c.relkind = 'p' OR c.relispartition)
  WHERE pg_partition_root(c.oid) <> {{ source | literal }}::regclass;
  IF others IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('a publication of %s has to publish via partition roots from now on, and that would change '
                       'what its other subscribers receive: %s', {{ source | literal }}::regclass, others),
      HINT = 'Nothing was swapped. Set publish_via_partition_root there yourself, or publish the table in a publication of its own.';
  END IF;
END
$executor$;
{% endif %}
