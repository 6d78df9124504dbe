{## Rights that a role has from another one than the owner, who alone can grant them again. One finding. -##}
SELECT
  'rights that others have granted' AS subject, 'none' AS expected,
  coalesce({% include 'tables/listed.sql' %} || ': they come along as rights from the owner, so who granted them can''t take them back, '
    'and REVOKE ... CASCADE from that role leaves them', 'none') AS actual,
  count(listed.name) = 0 AS passed
FROM (SELECT 1) AS one
LEFT JOIN (
  SELECT format('%s%s on %s to %s by %s', a.privilege_type, rights.part, c.oid::regclass,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.grantor::regrole) AS name
  FROM (
{% include 'facts/fragments/exchanged.sql' %}
  ) AS exchanged
  JOIN pg_class AS c ON c.oid = exchanged.oid
  CROSS JOIN LATERAL (
    SELECT c.relacl, ''
    UNION ALL
    SELECT t.attacl, format(' (%I)', t.attname) FROM pg_attribute AS t WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped
  ) AS rights (acl, part)
  CROSS JOIN LATERAL aclexplode(rights.acl) AS a
  WHERE a.grantor <> c.relowner
) AS listed ON true
