-- Foreign keys of partitions that {% if whole == source %}the table{% else %}the new table{% endif %} did not adopt; each would be checked twice.
SELECT r.conrelid::regclass AS partition, r.conname
FROM pg_constraint AS r
JOIN pg_partition_tree({{ whole | literal }}::regclass) AS part ON part.relid = r.conrelid AND part.level > 0
WHERE r.contype = 'f' AND r.conparentid = 0
