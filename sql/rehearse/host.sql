{## A server that somebody names for a rehearsal: what it is known by, and what the role that asks may do there. Whatever a function
    of that role can do, code of the real database could. -##}
SELECT
  session_user::text AS role,
  current_database()::text AS database,
  (SELECT system_identifier FROM pg_control_system())::text AS server,
  current_setting('server_version') AS version,
  current_setting('server_version_num')::integer AS version_number,
  me.rolcreatedb OR me.rolsuper AS makes_databases,
  CASE WHEN me.rolsuper THEN ARRAY['a superuser'] ELSE ARRAY(
    SELECT CASE WHEN r.oid = me.oid THEN 'one that makes roles' ELSE 'a member of ' || r.rolname END
    FROM pg_roles AS r
    WHERE pg_has_role(me.oid, r.oid, 'MEMBER') AND (
      r.rolsuper OR r.rolcreaterole OR r.rolname IN (
        'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_signal_backend'))
    ORDER BY 1)
  END AS powers
FROM pg_roles AS me
WHERE me.rolname = session_user
