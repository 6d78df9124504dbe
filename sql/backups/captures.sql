{## The triggers that log what is written to the table in use for the way back of an entry: (relation, name,
    partition). A SELECT without its semicolon; the including query has the entry as `entry`. -##}
SELECT t.tgrelid AS relation, t.tgname AS name, c.relispartition AS partition
FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid
JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE t.tgfoid = to_regprocedure(entry.way_back ->> 'capture') AND t.tgname LIKE 'executor\_%' AND c.relowner = p.proowner
  AND t.tgfoid IN (SELECT ours.oid FROM (
{% include 'backups/way_back.sql' %}
  ) AS ours WHERE ours.kind = 'FUNCTION')
