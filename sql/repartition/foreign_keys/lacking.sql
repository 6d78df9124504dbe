{## The foreign keys of the source that a partition of the new table has not got yet: a SELECT without its
    semicolon. `restricting` chooses those that forbid a delete in the referenced table (NO ACTION,
    RESTRICT), or else those that follow it (CASCADE, SET NULL, SET DEFAULT). -##}
SELECT i.inhrelid::regclass AS leaf, c.conname, pg_get_constraintdef(c.oid) AS definition
FROM pg_inherits AS i
JOIN pg_constraint AS c ON c.conrelid = {{ source | literal }}::regclass
WHERE i.inhparent = {{ target | literal }}::regclass
  AND c.contype = 'f' AND c.conparentid = 0 AND c.confrelid <> c.conrelid
  AND c.confdeltype {% if not restricting %}NOT {% endif %}IN ('a', 'r')
  -- not enforced (from 18): nothing to validate, so it is added to the whole table at once
  AND to_jsonb(c) ->> 'conenforced' IS DISTINCT FROM 'false'
  AND NOT EXISTS (SELECT FROM pg_constraint AS own WHERE own.conrelid = i.inhrelid AND own.conname = c.conname)
