{## Where the tables of the run are by now whose names are nobody's: a SELECT of (name, now), `tables` are pairs of a name
    and a comment. Whoever may comment on a table could say so of another: so it is told, and nothing is done to it. -##}
SELECT known.name, c.oid::regclass::text AS now
FROM (VALUES {% for name, comment in tables %}({{ name | string | literal }}, to_regclass({{ name | literal }}), {{ comment | literal }}){% if not loop.last %}, {% endif %}{% endfor %}) AS known (name, here, comment)
JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objsubid = 0 AND d.description = known.comment
JOIN pg_class AS c ON c.oid = d.objoid AND c.relkind IN ('r', 'p')
WHERE known.here IS NULL
