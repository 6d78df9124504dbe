{## What is said of the extended statistics `s`, in the schema `n`: columns of a SELECT.
    `body_sql` follows the name, up to FROM. `owner_sql` is null where they are this role's, or it can't
    give others to their owner: then they are its own. -##}
  s.stxname::text AS name,
  n.nspname::text AS schema,
  s.stxowner::regrole::text AS owner,
  pg_has_role(s.stxowner, 'USAGE') AS may_alter,
  CASE WHEN s.stxowner <> current_user::regrole AND (
      (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
      OR pg_has_role(s.stxowner, CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END)
      AND has_schema_privilege(s.stxowner, s.stxnamespace, 'CREATE'))
    THEN s.stxowner::regrole::text END AS owner_sql,
  {% include 'tables/rest_of_statistics.sql' %} AS body_sql,
  nullif((to_jsonb(s) ->> 'stxstattarget')::integer, -1) AS target,
  obj_description(s.oid, 'pg_statistic_ext') AS comment
