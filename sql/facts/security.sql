-- Whether rows are hidden by policies, also from the table's owner.
SELECT relname::text AS name, relrowsecurity AS enabled, relforcerowsecurity AS forced
FROM pg_class WHERE oid = to_regclass({{ source | literal }})
