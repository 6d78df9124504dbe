-- Who may read the table beside its owner, and so what counts its rows: all of them, unless row level security hides some.
SELECT
  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS role_sql,
  NOT c.relrowsecurity AS sees_all
FROM pg_class AS c
CROSS JOIN LATERAL (
  SELECT DISTINCT acl.grantee FROM aclexplode(c.relacl) AS acl WHERE acl.privilege_type = 'SELECT' AND acl.grantee <> c.relowner
) AS a
WHERE c.oid = to_regclass({{ source | literal }})
ORDER BY a.grantee::regrole::text COLLATE "C"
