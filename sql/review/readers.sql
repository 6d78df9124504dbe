-- Who can read or write the table that a plan is about, by a grant on it or on a column; its owner and
-- superusers can, too. And who reads every table of the server, however it is called.
SELECT grantee, string_agg(DISTINCT privilege, ', ' ORDER BY privilege) AS privileges
FROM (
  SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END AS grantee, a.privilege_type AS privilege
  FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
  WHERE c.oid = to_regclass({{ subject | literal }}) AND a.grantee <> c.relowner
  UNION ALL
  SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END, a.privilege_type || ' of columns'
  FROM pg_class AS c
  JOIN pg_attribute AS t ON t.attrelid = c.oid
  CROSS JOIN LATERAL aclexplode(t.attacl) AS a
  WHERE c.oid = to_regclass({{ subject | literal }})
  UNION ALL
  SELECT r.rolname::text, 'every table (' || m.rolname || ')'
  FROM pg_roles AS r
  JOIN pg_roles AS m ON m.rolname IN ('pg_read_all_data', 'pg_write_all_data')
  WHERE NOT r.rolsuper AND r.oid <> m.oid AND pg_has_role(r.oid, m.oid, 'USAGE')
) AS found
GROUP BY grantee
ORDER BY grantee;
