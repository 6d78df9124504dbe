-- The foreign keys that refer to the table or to one of its partitions, those of the table itself, too. `kept`: the key comes
-- along. What stands in the way of that, if it does, is the `obstacle`: `key`, as what is referenced is not unique in the new
-- table as a whole; `partition`, as the key is of or refers to a single partition; `version`, as before PostgreSQL 18 a
-- partitioned table can get a key only with a scan. One that is not yet validated has its definition as if it were.
{% from 'layout/' ~ layout ~ '/shape.sql' import unique_needs with context %}
{% from 'layout/partitioned.sql' import partitioned with context %}
SELECT
  key.*,
  key.obstacle IS NULL AND key.identity <> ALL ({% include 'repartition/check/accepted.sql' %}) AS kept
FROM (
  SELECT
    c.conname::text AS name,
    c.conrelid::regclass::text AS relation,
    c.conrelid::regclass::text AS relation_sql,
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
    obj_description(c.oid, 'pg_constraint') AS comment
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
) AS key
ORDER BY key.relation COLLATE "C", key.name
