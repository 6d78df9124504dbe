{## The foreign keys that all partitions have and the new table, `whole`, has not: a SELECT without its
    semicolon. -##}
SELECT c.conname, pg_get_constraintdef(c.oid) AS definition
FROM pg_constraint AS c
WHERE c.contype = 'f' AND c.conparentid = 0
  AND c.conrelid = (SELECT min(inhrelid) FROM pg_inherits WHERE inhparent = {{ whole | literal }}::regclass)
