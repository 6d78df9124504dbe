{## From which interval to which the table needs partitions: a SELECT, without its semicolon, of one row (type, first, last), with
    null for what is not known; no row where there is no such column, or of another type. From the least to the greatest
    value in the data, of times to now if that is later, and `ahead` more; or as range_start and range_end say. Values that
    no interval holds are left out: infinity, and times before the year 1. -##}
{% from 'layout/range/interval.sql' import unit with context %}
SELECT ends.printed_type AS type, span.first, greatest(span.last, span.first) AS last
FROM (
  SELECT format_type(a.atttypid, NULL) AS type, {% include 'facts/fragments/key_type.sql' %} AS printed_type, min(substr(found.word, 2)) FILTER (WHERE found.word LIKE 'a%') AS low,
    min(substr(found.word, 2)) FILTER (WHERE found.word LIKE 'z%') AS high
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = {{ key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN LATERAL ts_stat(
{% with reading = 'layout/range/reading.sql' %}
{% include 'layout/readable.sql' %}
{% endwith %}
  ) AS found ON true
  WHERE c.oid = to_regclass({{ source | literal }}) AND a.attgenerated = ''
    AND format_type(a.atttypid, NULL) = ANY ({% include 'layout/range/types.sql' %})
  GROUP BY a.atttypid
) AS ends
CROSS JOIN LATERAL (SELECT
  (SELECT {% include 'layout/range/cell.sql' %} FROM (SELECT ends.low, ends.type) AS key (value, type)) AS low,
  (SELECT {% include 'layout/range/cell.sql' %} FROM (SELECT ends.high, ends.type) AS key (value, type)) AS high
{% if unit %}
  , (SELECT {% include 'layout/range/cell.sql' %} FROM (SELECT statement_timestamp()::text, 'timestamp with time zone') AS key (value, type)) AS now
{% for given, name in [(range_start, 'from'), (range_end, 'to')] %}
  , {% if '-' in given[1:] %}(SELECT {% include 'layout/range/cell.sql' %} FROM (
      -- the 31st of a month without one is the day after its last
      SELECT (make_date(substr(said, 1, 4)::integer, substr(said, 6, 2)::integer, 1) + substr(said, 9, 2)::integer - 1)::text, 'date'
      FROM (SELECT {{ given | literal }}) AS given (said)) AS key (value, type)){% else %}NULL::bigint{% endif %} AS {{ ('said_' ~ name) | ident }}
{% endfor %}
{% else %}
  , 0::bigint AS now
{% for given, name in [(range_start, 'from'), (range_end, 'to')] %}
  , {% if given and '-' not in given[1:] %}(SELECT {% include 'layout/range/cell.sql' %} FROM (SELECT {{ given | literal }}, 'bigint') AS key (value, type)){% else %}NULL::bigint{% endif %} AS {{ ('said_' ~ name) | ident }}
{% endfor %}
{% endif %}
) AS cell
CROSS JOIN LATERAL (SELECT
  coalesce(cell.said_from, cell.low, least(cell.now, cell.said_to)) AS first,
  coalesce(cell.said_to::numeric, {% if unit %}greatest(cell.high, cell.now){% else %}coalesce(cell.high, cell.said_from, cell.now){% endif %} + {{ ahead }}::numeric) AS last
) AS span
