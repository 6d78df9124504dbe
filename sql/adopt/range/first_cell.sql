{## The number of the first interval beyond the bound, as cell.sql counts them: a SELECT without its semicolon. The bound that
    is given is moved up to the next boundary. Else it is one that is a whole interval away, and `margin` of time: as of now,
    or from the last value of the column's sequence. In scope: key, with the relation and the number of the column. -##}
{% if bound and fits %}
SELECT {% include 'layout/range/cell.sql' %} + 1
FROM (SELECT {% if unit %}({{ bound | literal }}::timestamptz - interval '1 microsecond')::text, 'timestamp with time zone'{% else %}({{ bound | literal }}::numeric - 1)::text, 'numeric'{% endif %}) AS key (value, type)
{% elif unit %}
SELECT greatest(max({% include 'layout/range/cell.sql' %}) FILTER (WHERE key.place = 1) + 2, max({% include 'layout/range/cell.sql' %}) FILTER (WHERE key.place = 2) + 1)
FROM (VALUES
  (1, (statement_timestamp() AT TIME ZONE {{ zone | literal }})::text, 'timestamp without time zone'),
  (2, ((statement_timestamp() + {{ margin | literal }}::interval) AT TIME ZONE {{ zone | literal }})::text, 'timestamp without time zone')
) AS key (place, value, type)
{% else %}
SELECT floor(max(last.value) / {{ amount }})::bigint + 2
FROM pg_depend AS d
JOIN pg_sequence AS s ON s.seqrelid = d.objid
CROSS JOIN LATERAL (
  SELECT coalesce(CASE WHEN has_sequence_privilege(s.seqrelid, 'SELECT, USAGE') THEN pg_sequence_last_value(s.seqrelid) END, s.seqstart)::numeric
) AS last (value)
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  AND d.refobjid = key.relation AND d.refobjsubid = key.number AND {{ fits | literal }}
HAVING count(*) > 0
{% endif %}
