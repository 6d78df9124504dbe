{## One entry of a registry as it is now, for way_back.sql: a SELECT without its semicolon. -##}
SELECT {{ registry.schema | literal }}::text AS schema, r.original_table_name::text AS original, r.run, r.table_oid AS oid, r.way_back
FROM {{ registry | ident }} AS r WHERE r.id = {{ id }}
