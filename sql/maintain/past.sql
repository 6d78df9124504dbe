{## Tables that were partitions, when they may be dropped (`is_due`), and what still depends on them: a SELECT. In scope: what
    with.sql has. Their comment has the mark, and what else it says is read only if it is a time. -##}
{% from 'maintain/mark.sql' import mark with context %}
SELECT n.nspname::text AS schema, c.relname::text AS name, comment.text AS comment,
{% if grace %}
  said.at + {{ grace | literal }}::interval <= clock.at AS is_due,
{% else %}
  false AS is_due,
{% endif %}
  (SELECT {% include 'tables/listed.sql' %}
   FROM pg_depend AS dep CROSS JOIN LATERAL (SELECT pg_describe_object(dep.classid, dep.objid, 0)) AS listed (name)
   WHERE dep.deptype = 'n' AND dep.objid <> c.oid AND (dep.refclassid = 'pg_class'::regclass AND dep.refobjid = c.oid
      OR dep.refclassid = 'pg_type'::regclass AND dep.refobjid = c.reltype)
     -- what is a part of the table itself goes with it
     AND NOT EXISTS (SELECT FROM pg_constraint AS own WHERE dep.classid = 'pg_constraint'::regclass AND own.oid = dep.objid AND own.conrelid = c.oid)
     AND NOT EXISTS (SELECT FROM pg_attrdef AS own WHERE dep.classid = 'pg_attrdef'::regclass AND own.oid = dep.objid AND own.adrelid = c.oid)
     AND NOT EXISTS (SELECT FROM pg_trigger AS own WHERE dep.classid = 'pg_trigger'::regclass AND own.oid = dep.objid AND own.tgrelid = c.oid)
     AND NOT EXISTS (SELECT FROM pg_policy AS own WHERE dep.classid = 'pg_policy'::regclass AND own.oid = dep.objid AND own.polrelid = c.oid)) AS used_by
FROM whole
CROSS JOIN clock
JOIN pg_class AS c ON c.relowner = whole.owner AND c.relkind IN ('r', 'p') AND NOT c.relispartition
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT obj_description(c.oid, 'pg_class')) AS comment (text)
CROSS JOIN LATERAL (
  SELECT CASE WHEN comment.text ~ '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00$' THEN right(comment.text, 29)::timestamptz END
) AS said (at)
WHERE starts_with(comment.text, {{ mark | literal }}) AND said.at IS NOT NULL
