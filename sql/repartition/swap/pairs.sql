
-- What changes places: `leaving` has the name now, `arriving` will have it; `kept` is what the leaving
-- one is called afterwards.
CREATE TEMPORARY TABLE swap_pairs (kind text, name name, kept name, leaving oid, arriving oid) ON COMMIT DROP;

INSERT INTO pg_temp.swap_pairs VALUES (
  'TABLE', {{ source.name | literal }}, {{ leaving.name | literal }}, {{ source | literal }}::regclass, {{ arriving | literal }}::regclass);

INSERT INTO pg_temp.swap_pairs
SELECT 'MATERIALIZED VIEW', here.name, there.twin, here.view, to_regclass(format('%I.%I', here.schema, here.twin))
FROM (
{% with ending = arriving_ending %}
{% include 'repartition/twins/twins.sql' %}
{% endwith %}
) AS here
JOIN (
{% with ending = leaving_ending %}
{% include 'repartition/twins/twins.sql' %}
{% endwith %}
) AS there USING (view);

-- An identity column has a sequence of its own on each side. One that it merely owns is handed over, as that
-- of a serial column is: it may be a serial column no more.
INSERT INTO pg_temp.swap_pairs
SELECT 'SEQUENCE', c.relname, c.relname, c.oid, (
  SELECT d.objid FROM pg_depend AS d JOIN pg_attribute AS there ON there.attrelid = d.refobjid AND there.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
    AND there.attrelid = {{ arriving | literal }}::regclass AND there.attname = a.attname)
FROM pg_attribute AS a
JOIN pg_depend AS d
  ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
  AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
WHERE a.attrelid = {{ source | literal }}::regclass AND a.attidentity <> '';

INSERT INTO pg_temp.swap_pairs
SELECT 'STATISTICS', here.stxname, here.stxname, here.oid, there.oid
FROM pg_statistic_ext AS here
JOIN LATERAL (
  SELECT s.oid FROM pg_statistic_ext AS s
  WHERE s.stxrelid = {{ arriving | literal }}::regclass AND s.stxnamespace = here.stxnamespace
    AND s.stxkind = here.stxkind
    AND pg_get_statisticsobjdef_columns(s.oid) = pg_get_statisticsobjdef_columns(here.oid)
  ORDER BY s.oid LIMIT 1
) AS there ON true
WHERE here.stxrelid = {{ source | literal }}::regclass;

-- Indexes of the table as a whole; those of partitions have names of their own.
INSERT INTO pg_temp.swap_pairs
{% if back %}
SELECT 'INDEX', c.relname, c.relname, c.oid, i.indexrelid
FROM pg_index AS here
JOIN pg_class AS c ON c.oid = here.indexrelid
CROSS JOIN LATERAL (SELECT c.relname || {{ arriving_ending | literal }}) AS long (name)
LEFT JOIN pg_index AS i
  ON i.indrelid = {{ arriving | literal }}::regclass AND i.indexrelid = to_regclass(format('%I.%I', {{ source.schema | literal }},
    CASE WHEN octet_length(long.name) > 63 THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END))
WHERE here.indrelid = {{ source | literal }}::regclass;
{% else %}
SELECT 'INDEX', source_name, source_name, source_index, to_regclass(format('%I.%I', {{ target.schema | literal }}, parent_name))
FROM (
{% with relation = target %}
{% include 'repartition/indexes/wanted.sql' %}
{% endwith %}
) AS index
WHERE on_parent;
{% endif %}

INSERT INTO pg_temp.swap_pairs
SELECT 'INDEX', c.relname, c.relname, c.oid, to_regclass(format('%I.%I', n.nspname,
  CASE WHEN octet_length(long.name) > 63 THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END))
FROM pg_temp.swap_pairs AS view
JOIN pg_index AS i ON i.indrelid = view.leaving
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT c.relname || {{ arriving_ending | literal }}) AS long (name)
WHERE view.kind = 'MATERIALIZED VIEW';

UPDATE pg_temp.swap_pairs
SET kept = CASE WHEN octet_length(name || {{ leaving_ending | literal }}) > 63
  THEN left(md5(name || {{ leaving_ending | literal }}), 8) || '_' || name || {{ leaving_ending | literal }}
  ELSE name || {{ leaving_ending | literal }} END::name
WHERE kept = name;
