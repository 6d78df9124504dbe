{## The values that many rows have: what follows SELECT found.word, of the column `a` of the table. Ends in a condition. -##}
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = {{ key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type AS t ON t.oid = a.atttypid
  LEFT JOIN pg_collation AS rules ON rules.oid = a.attcollation
  CROSS JOIN LATERAL ts_stat(
{% with reading = 'layout/list/reading.sql' %}
{% include 'layout/readable.sql' %}
{% endwith %}
  ) AS found
  WHERE c.oid = to_regclass({{ source | literal }}) AND a.attgenerated = '' AND {% include 'layout/list/can_be_listed.sql' %}
