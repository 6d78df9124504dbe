{## By what LIST partitions of a remainder divide, null if they are of values: an expression of parent.oid, its columns and definition. -##}
coalesce(substring(parent.definition FROM '% \(?''?(\d{1,6})')::bigint, (
      SELECT max(substring(pg_get_constraintdef(k.oid) FROM '% \(?''?(\d{1,6})')::bigint)
      FROM pg_constraint AS k
      WHERE k.conrelid = parent.oid AND k.contype = 'c' AND k.conkey && parent.columns))