{## Tables that were partitions, when they may be dropped (`is_due`), and what still depends on them, or on their own partitions; whether their mark is
    that of another table (`is_copy`): a SELECT. In scope: what with.sql has. Their comment has the mark, and what else it says is
    read only if it is a time. A foreign table is left, as the rows are elsewhere. -##}
{% from 'maintain/mark.sql' import mark with context %}
SELECT n.nspname::text AS schema, c.relname::text AS name, said.at_text AS detached_at,
{% if grace %}
  said.at_text::timestamptz + {{ grace | literal }}::interval <= clock.at AS is_due,
{% else %}
  false AS is_due,
{% endif %}
  NOT own_mark.is_so AS is_copy,
  (SELECT {% include 'tables/listed.sql' %}
   FROM pg_depend AS dep CROSS JOIN LATERAL (SELECT pg_describe_object(dep.classid, dep.objid, 0)) AS listed (name)
   WHERE dep.deptype = 'n' AND dep.objid <> ALL (own.oids) AND (dep.refclassid = 'pg_class'::regclass AND dep.refobjid = ANY (own.oids)
      OR dep.refclassid = 'pg_type'::regclass AND dep.refobjid = ANY (own.types))
     -- what is a part of the table itself goes with it
     AND NOT EXISTS (SELECT FROM pg_constraint AS o WHERE dep.classid = 'pg_constraint'::regclass AND o.oid = dep.objid AND o.conrelid = ANY (own.oids))
     AND NOT EXISTS (SELECT FROM pg_attrdef AS o WHERE dep.classid = 'pg_attrdef'::regclass AND o.oid = dep.objid AND o.adrelid = ANY (own.oids))
     AND NOT EXISTS (SELECT FROM pg_trigger AS o WHERE dep.classid = 'pg_trigger'::regclass AND o.oid = dep.objid AND o.tgrelid = ANY (own.oids))
     AND NOT EXISTS (SELECT FROM pg_policy AS o WHERE dep.classid = 'pg_policy'::regclass AND o.oid = dep.objid AND o.polrelid = ANY (own.oids))) AS used_by
FROM whole
CROSS JOIN clock
JOIN pg_class AS c ON c.relowner = whole.owner AND c.relkind IN ('r', 'p') AND NOT c.relispartition
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT c.oid) AS marked (oid)
CROSS JOIN LATERAL (SELECT obj_description(c.oid, 'pg_class')) AS comment (text)
CROSS JOIN LATERAL (SELECT substring(comment.text FROM '(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00)(?: \(oid \d+ of \d+\))?$')) AS said (at_text)
CROSS JOIN LATERAL (
  SELECT array_agg(tree.relid::oid), array_agg(of_tree.reltype)
  FROM pg_partition_tree(c.oid) AS tree JOIN pg_class AS of_tree ON of_tree.oid = tree.relid
) AS own (oids, types)
CROSS JOIN LATERAL (SELECT {% with begins = mark %}{% include 'maintain/is_ours.sql' %}{% endwith %}) AS own_mark (is_so)
-- by its parent's name it may be a copy; where that has another name by now, it is known by the oids alone
WHERE (own_mark.is_so OR starts_with(comment.text, {{ (mark ~ source ~ ' until ') | literal }})) AND said.at_text IS NOT NULL
