{## The partition of an interval: a SELECT, without its semicolon, of one row (none for no interval): name, lower_value, upper_value (as the key's type
    writes them; null at the end of what it can hold) and bound. In scope: cell.number, as cell.sql makes it, and key.type.
    A name is <table>_p and the lower bound: YYYY of years, YYYYMM of months, YYYYMMDD of days and weeks, YYYYMMDDHH of hours,
    ten digits of a number (_m of a negative one). Whoever numbers partitions or adds some later includes this. -##}
{% from 'layout/range/interval.sql' import amount, unit, zone, digits, head with context %}
SELECT {{ head | literal }} || said.suffix AS name, said.lower_value, said.upper_value,
  format('FOR VALUES FROM (%s) TO (%s)', coalesce(quote_literal(said.lower_value), 'MINVALUE'), coalesce(quote_literal(said.upper_value), 'MAXVALUE')) AS bound
FROM (
{% if not unit %}
  SELECT CASE WHEN at.lower < 0 THEN '_m' ELSE '_p' END || CASE WHEN length(abs(at.lower)::text) < {{ digits }} THEN lpad(abs(at.lower)::text, {{ digits }}, '0') ELSE abs(at.lower)::text END AS suffix,
    CASE WHEN at.lower >= -most.value AND at.lower < most.value THEN at.lower::text END AS lower_value,
    CASE WHEN at.lower + {{ amount }} > -most.value AND at.lower + {{ amount }} < most.value THEN (at.lower + {{ amount }})::text END AS upper_value
  FROM (SELECT cell.number::numeric * {{ amount }}) AS at (lower)
  CROSS JOIN (SELECT CASE key.type WHEN 'smallint' THEN 32768 WHEN 'integer' THEN 2147483648 WHEN 'bigint' THEN 9223372036854775808 ELSE 'Infinity' END::numeric) AS most (value)
{% else %}
  SELECT '_p' || to_char(at.lower, {{ {4: 'YYYY', 6: 'YYYYMM', 8: 'YYYYMMDD', 10: 'YYYYMMDDHH24'}[digits] | literal }}) AS suffix,
    written.lower_value, written.upper_value
  FROM (SELECT
{% for next in (0, 1) %}
      timestamp {{ ('0001-01-01 BC' if unit in ('month', 'year') else '2001-01-01') | literal }} + ((cell.number + {{ next }}) * {{ amount }}) * {{ ('1 ' ~ unit) | literal }}::interval{% if not next %},{% endif %}

{% endfor %}
    ) AS at (lower, upper)
  CROSS JOIN LATERAL (SELECT
{% for side in ('lower', 'upper') %}
      CASE key.type
        WHEN 'date' THEN to_char(at.{{ side | ident }}, 'YYYY-MM-DD')
        WHEN 'timestamp without time zone' THEN to_char(at.{{ side | ident }}, 'YYYY-MM-DD HH24:MI:SS')
        WHEN 'timestamp with time zone' THEN to_char((at.{{ side | ident }} AT TIME ZONE {{ zone | literal }}) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || '+00'
        -- it has 48 bits for the time since 1970
        ELSE (SELECT format('%s-%s-0000-0000-000000000000', left(hex.digits, 8), right(hex.digits, 4))
              FROM (SELECT greatest(0, (extract(epoch FROM at.{{ side | ident }} AT TIME ZONE {{ zone | literal }}) * 1000)::bigint)) AS since (ms)
              CROSS JOIN LATERAL (SELECT lpad(to_hex(since.ms), 12, '0')) AS hex (digits) WHERE since.ms < 281474976710656)
      END{% if side == 'lower' %},{% endif %}

{% endfor %}
    ) AS written (lower_value, upper_value)
{% endif %}
) AS said
-- a day that a time zone has skipped is none
WHERE said.suffix IS NOT NULL AND said.lower_value IS DISTINCT FROM said.upper_value
