-- Which index of the first partition belongs to which of the table as a whole; nothing before the swap.
SELECT whole.relname::text AS name, part.relname::text AS part, i.indisprimary AS primary
FROM pg_index AS i
JOIN pg_class AS whole ON whole.oid = i.indexrelid
JOIN pg_inherits AS h ON h.inhparent = i.indexrelid
JOIN pg_class AS part ON part.oid = h.inhrelid
JOIN pg_index AS own ON own.indexrelid = part.oid AND own.indrelid = to_regclass({{ old | literal }})
WHERE i.indrelid = to_regclass({{ source | literal }})
ORDER BY 1
