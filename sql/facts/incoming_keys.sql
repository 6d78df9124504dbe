-- The foreign keys that refer to the table or to one of its partitions, those of the table itself, too. `kept`: the key comes
-- along. What stands in the way of that, if it does, is the `obstacle`: `key`, as what is referenced is not unique in the new
-- table as a whole; `partition`, as the key is of or refers to a single partition; `version`, as before PostgreSQL 18 a
-- partitioned table can get a key only with a scan. One that is not yet validated has its definition as if it were.
-- `by_trigger`: it does not come along, and triggers do its work; `no_trigger` says why they can't, or is null. Columns stand
-- in the order of the key.
{% from 'layout/' ~ layout ~ '/shape.sql' import unique_needs with context %}
{% from 'layout/partitioned.sql' import partitioned with context %}
SELECT
  key.*,
  come.along AS kept,
  NOT come.along AND key.enforced AND {{ (enforce | default('none') == 'trigger') | literal }} AS by_trigger
FROM (
  SELECT
    c.conname::text AS name,
    c.conrelid::regclass::text AS relation,
    c.conrelid::regclass::text AS relation_sql,
    (SELECT n.nspname::text FROM pg_namespace AS n WHERE n.oid = r.relnamespace) AS relation_schema,
    r.relname::text AS relation_name,
    r.relowner::regrole::text AS owner,
    r.relkind = 'p' AS partitioned,
    place.of_itself,
    (pg_identify_object('pg_constraint'::regclass, c.oid, 0)).identity AS identity,
    regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition_sql,
    ARRAY(
      SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = c.confrelid AND a.attnum = ANY (c.confkey) ORDER BY a.attnum
    ) AS referenced,
    CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END AS on_delete,
    CASE
      WHEN c.confrelid <> whole.oid OR place.of_itself AND c.conrelid <> whole.oid THEN 'partition'
      WHEN {% if unique_needs is none %}true{% else %}EXISTS (
        SELECT FROM unnest({{ unique_needs | literal }}::text[]) AS needed
        WHERE needed NOT IN (SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = c.confrelid AND a.attnum = ANY (c.confkey)))
      {%- endif %} THEN 'key'
      WHEN (r.relkind = 'p'{% if partitioned %} OR place.of_itself{% endif %}) AND current_setting('server_version_num')::integer < 180000 THEN 'version'
    END AS obstacle,
    coalesce(to_jsonb(c) ->> 'conenforced', 'true') = 'true' AS enforced,
    c.convalidated AS validated,
    obj_description(c.oid, 'pg_constraint') AS comment,
    pair.columns, pair.referenced_columns, pair.equals_sql, pair.alike_sql, pair.own_sql, pair.emptied,
    c.confupdtype = 'r' AS restricts_update, c.confdeltype = 'r' AS restricts_delete,
    c.condeferrable AS deferrable, c.condeferred AS deferred,
{% include 'repartition/check/no_trigger.sql' %}
    AS no_trigger
  FROM (SELECT to_regclass({{ source | literal }})::oid) AS whole (oid)
  JOIN pg_constraint AS c ON c.contype = 'f' AND c.conparentid = 0 AND c.confrelid IN (
{% include 'facts/fragments/tree.sql' %}
  )
  JOIN pg_class AS r ON r.oid = c.conrelid
  CROSS JOIN LATERAL (
    SELECT c.conrelid IN (
{% include 'facts/fragments/tree.sql' %}
    )
  ) AS place (of_itself)
  CROSS JOIN LATERAL (
    SELECT
      array_agg(a.attname::text ORDER BY k.place) AS columns,
      array_agg(b.attname::text ORDER BY k.place) AS referenced_columns,
      array_agg(format('OPERATOR(%s.%s)', e.oprnamespace::regnamespace, e.oprname) ORDER BY k.place) AS equals_sql,
      array_agg(format('OPERATOR(%s.%s)', l.oprnamespace::regnamespace, l.oprname) ORDER BY k.place) AS alike_sql,
      array_agg(format('OPERATOR(%s.%s)', p.oprnamespace::regnamespace, p.oprname) ORDER BY k.place) AS own_sql,
      -- what SET NULL and SET DEFAULT set: from 15 on it may be said
      array_agg(a.attname::text ORDER BY k.place) FILTER (
        WHERE jsonb_typeof(to_jsonb(c) -> 'confdelsetcols') IS DISTINCT FROM 'array' OR to_jsonb(c) -> 'confdelsetcols' @> to_jsonb(k.attnum)) AS emptied,
      bool_or(a.attcollation <> b.attcollation) AS collated_otherwise,
      -- beside PostgreSQL's own, somebody else's operator of that name could be nearer to other types
      bool_or(e.oprnamespace <> 'pg_catalog'::regnamespace AND ROW(e.oprleft, e.oprright, l.oprleft, p.oprleft)
        IS DISTINCT FROM ROW(b.atttypid, a.atttypid, a.atttypid, b.atttypid)) AS typed_otherwise
    FROM unnest(c.conkey, c.confkey, c.conpfeqop, c.conffeqop, c.conppeqop) WITH ORDINALITY AS k (attnum, referenced, equals, alike, own, place)
    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
    JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = k.referenced
    JOIN pg_operator AS e ON e.oid = k.equals
    JOIN pg_operator AS l ON l.oid = k.alike
    JOIN pg_operator AS p ON p.oid = k.own
  ) AS pair
) AS key
CROSS JOIN LATERAL (
  SELECT key.obstacle IS NULL AND key.identity <> ALL ({% include 'repartition/check/accepted.sql' %})
) AS come (along)
ORDER BY key.relation COLLATE "C", key.name
