{## The roles whose code and rows may work with the rights of this session: a SELECT of oids, without its
    semicolon. They are the role that logged in, superusers, and the owner of the database, unless a superuser
    logged in, who has more to lose than that owner has. And every role that could not gain by it, since the one
    that logged in can do nothing that it can't: it has no attribute, no membership and nothing of its own that
    the other has not.

    It is the role that logged in that counts, and not the one of SET ROLE: code can RESET ROLE. -##}
WITH me AS MATERIALIZED (
  SELECT oid, rolsuper, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS special
  FROM pg_roles WHERE rolname = session_user
), granted AS MATERIALIZED (
  SELECT r.oid FROM me JOIN pg_roles AS r ON r.oid <> me.oid AND NOT me.special AND pg_has_role(me.oid, r.oid, 'MEMBER')
  WHERE r.rolname NOT IN ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')
), nothing AS MATERIALIZED (
  SELECT FROM me
  WHERE NOT me.special AND NOT EXISTS (
    SELECT FROM pg_shdepend AS d
    WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = me.oid AND d.deptype IN ('o', 'a', 'r')
      -- not what this transaction has made and hands over before it ends, or what is temporary
      AND d.xmin IS DISTINCT FROM pg_current_xact_id_if_assigned()::xid
      -- its journal is that of the other role's tables
      AND NOT EXISTS (
        SELECT FROM pg_namespace AS n
        WHERE (n.nspname = 'executor' OR n.nspname LIKE 'pg\_temp\_%') AND n.oid = CASE d.classid
          WHEN 'pg_namespace'::regclass THEN d.objid
          WHEN 'pg_class'::regclass THEN (SELECT relnamespace FROM pg_class AS c WHERE c.oid = d.objid)
          WHEN 'pg_proc'::regclass THEN (SELECT pronamespace FROM pg_proc AS p WHERE p.oid = d.objid) END))
)
SELECT r.oid
FROM pg_roles AS r CROSS JOIN me
WHERE r.rolsuper OR r.oid = me.oid
  OR NOT me.rolsuper AND r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
  OR EXISTS (SELECT FROM nothing)
    AND NOT EXISTS (SELECT FROM granted WHERE NOT pg_has_role(r.oid, granted.oid, 'MEMBER'))
