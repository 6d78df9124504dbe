-- Foreign keys of partitions that {% if whole == source %}the table{% else %}the new table{% endif %} did not adopt; each would be checked twice.
SELECT r.conrelid::regclass AS partition, r.conname
FROM pg_constraint AS r
JOIN pg_inherits AS i ON i.inhrelid = r.conrelid
WHERE i.inhparent = {{ whole | literal }}::regclass AND r.contype = 'f' AND r.conparentid = 0
