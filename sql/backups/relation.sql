-- What bears a name.
SELECT c.oid::bigint AS oid, c.relkind::text AS kind, c.relispartition AS partition, pg_get_userbyid(c.relowner)::text AS owner
FROM pg_class AS c
WHERE c.oid = to_regclass({{ table | literal }})
