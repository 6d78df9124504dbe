{## The foreign tables here by which postgres_fdw may write to the source, and whether its server is surely this
    one: a SELECT without its semicolon. -##}
SELECT
  t.ftrelid AS relation,
  (host.name ~ '^(/|localhost$|127\.|::1$)' OR host.name = host(inet_server_addr()))
    AND coalesce(o.options ->> 'port', current_setting('port')) = current_setting('port') AS here
FROM pg_foreign_table AS t
JOIN pg_class AS c ON c.oid = t.ftrelid
JOIN pg_foreign_server AS s ON s.oid = t.ftserver
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
JOIN pg_proc AS p ON p.oid = w.fdwhandler AND p.proname = 'postgres_fdw_handler'
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_object_agg(option_name, option_value), '{}') AS options
  FROM pg_options_to_table(s.srvoptions || t.ftoptions)
) AS o
CROSS JOIN LATERAL (SELECT coalesce(o.options ->> 'host', o.options ->> 'hostaddr', '/')) AS host (name)
WHERE coalesce(o.options ->> 'table_name', c.relname) = {{ source.name | literal }}
  AND coalesce(o.options ->> 'schema_name', c.relnamespace::regnamespace::name) = {{ source.schema | literal }}
  AND coalesce(o.options ->> 'dbname', current_database()) = current_database()
  AND coalesce(o.options ->> 'updatable', 'true') <> 'false'
