-- The roles of the server, without passwords, and which of them asks. If that is a superuser, some are as powerful: they can
-- become it, or are superusers themselves. What lets a role read files or run programs of the
-- server's machine is left out: there, that machine is ours.
SELECT
  r.rolname::text AS name,
  r.rolname = session_user AS asks,
  r.rolname = session_user AND r.rolsuper AS super,
  me.rolsuper AND pg_has_role(r.oid, me.oid, 'MEMBER') AS as_powerful,
  r.rolinherit AS inherits,
  r.rolcreaterole AS creates_roles,
  r.rolcreatedb AS creates_databases,
  r.rolreplication AS replicates,
  r.rolbypassrls AS bypasses_policies,
  ARRAY(
    SELECT g.rolname::text FROM pg_auth_members AS m JOIN pg_roles AS g ON g.oid = m.roleid
    WHERE m.member = r.oid AND g.rolname NOT IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
    ORDER BY 1) AS member_of
FROM pg_roles AS r CROSS JOIN (SELECT oid, rolsuper FROM pg_roles WHERE rolname = session_user) AS me
WHERE r.rolname !~ '^pg_'
ORDER BY 1
