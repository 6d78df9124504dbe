-- Who may do what with the table, the sequences of its identity columns and the materialized views on it; `is_revoked`
-- is what was taken from the owner. In the order in which it was granted.
WITH relation AS (
  SELECT exchanged.kind, c.oid, c.relowner, n.nspname, c.relname,
    CASE exchanged.kind WHEN 'SEQUENCE' THEN 'SEQUENCE ' ELSE 'TABLE ' END || c.oid::regclass AS object_sql,
    acldefault(CASE exchanged.kind WHEN 'SEQUENCE' THEN 's' ELSE 'r' END::"char", c.relowner) AS given, c.relacl
  FROM (
{% include 'facts/fragments/exchanged.sql' %}
  ) AS exchanged
  JOIN pg_class AS c ON c.oid = exchanged.oid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
), privilege (relation, part, place, grantee, is_grantable, word, is_revoked) AS (
  SELECT r.oid, 0, a.place, a.grantee, a.is_grantable, a.privilege_type, false
  FROM relation AS r
  CROSS JOIN aclexplode(r.relacl) WITH ORDINALITY AS a (grantor, grantee, privilege_type, is_grantable, place)
  WHERE a.grantee <> r.relowner
  UNION ALL
  SELECT r.oid, 1, t.attnum * 10000 + a.place, a.grantee, a.is_grantable, format('%s (%I)', a.privilege_type, t.attname), false
  FROM relation AS r
  JOIN pg_attribute AS t ON t.attrelid = r.oid AND t.attnum > 0 AND NOT t.attisdropped
  CROSS JOIN aclexplode(t.attacl) WITH ORDINALITY AS a (grantor, grantee, privilege_type, is_grantable, place)
  WHERE a.grantee <> r.relowner
  UNION ALL
  SELECT r.oid, 0, g.place, g.grantee, false, g.privilege_type, true
  FROM relation AS r
  CROSS JOIN aclexplode(r.given) WITH ORDINALITY AS g (grantor, grantee, privilege_type, is_grantable, place)
  WHERE r.relacl IS NOT NULL AND NOT EXISTS (
    SELECT FROM aclexplode(r.relacl) AS a WHERE a.grantee = g.grantee AND a.privilege_type = g.privilege_type)
)
SELECT
  format('%s %s %s', string_agg(p.word, ', ' ORDER BY p.place), CASE WHEN p.is_revoked THEN 'taken from' ELSE 'to' END,
    CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE p.grantee::regrole::text END) AS name,
  r.relname::text AS relation,
  r.nspname::text AS schema,
  r.kind,
  r.object_sql,
  p.is_revoked,
  CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE p.grantee::regrole::text END AS grantee_sql,
  p.is_grantable,
  string_agg(p.word, ', ' ORDER BY p.place) AS privileges_sql
FROM (SELECT relation, part, min(place) AS place, grantee, bool_or(is_grantable) AS is_grantable, word, is_revoked
      FROM privilege GROUP BY relation, part, grantee, word, is_revoked) AS p
JOIN relation AS r ON r.oid = p.relation
GROUP BY r.kind, r.nspname, r.relname, r.object_sql, p.part, p.is_revoked, p.grantee, p.is_grantable
ORDER BY r.kind DESC, r.nspname, r.relname, p.is_revoked DESC, p.part, min(p.place)
