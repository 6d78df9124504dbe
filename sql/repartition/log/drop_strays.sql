{## In a block of PL/pgSQL with `stray` as a record: drops the triggers that call the `functions` of ours on tables that
    somebody has renamed or detached, by whose names no step finds them. -##}
FOR stray IN
  SELECT t.tgname, t.tgrelid::regclass AS relation FROM pg_trigger AS t
  WHERE t.tgparentid = 0 AND t.tgfoid IN ({% for function in functions %}to_regprocedure({{ (function ~ '()') | literal }}){% if not loop.last %}, {% endif %}{% endfor %})
    AND t.tgrelid IS DISTINCT FROM to_regclass({{ source | literal }})
    AND NOT EXISTS (SELECT FROM pg_partition_ancestors(t.tgrelid) AS whole WHERE whole = to_regclass({{ source | literal }}))
  ORDER BY t.tgrelid, t.tgname
LOOP
  EXECUTE format('DROP TRIGGER %I ON %s', stray.tgname, stray.relation);
END LOOP;
