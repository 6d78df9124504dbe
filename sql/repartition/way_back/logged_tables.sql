{## The tables whose writes the function `logger` logs, whatever their names are by now, partitions left out: a SELECT of one
    text without its semicolon, null if there is none. -##}
SELECT string_agg(DISTINCT t.tgrelid::regclass::text, ', ') FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid AND NOT c.relispartition
WHERE t.tgfoid = to_regprocedure({{ (logger ~ '()') | literal }})