{## Whether the table can have this layout: each level is asked as if it was the only one. ##}
{% with facts = {'bounds': facts.bounds | selectattr('place', 'equalto', 0) | list} %}
{% include 'layout/list/check_key.sql' %}
{% endwith %}
UNION ALL
SELECT * FROM (
  WITH key AS (
    SELECT a.* FROM source JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attname = {{ sub_key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
  )
  SELECT 'columns of the two levels', 'two', {{ ('two' if key_column != sub_key_column else key_column ~ ' twice; choose another one with --var sub_key_column=...') | literal }},
    {{ (key_column != sub_key_column) | literal }}
{% with key_column = sub_key_column, chosen_by = 'sub_key_column' %}
{% include 'layout/range/check_column.sql' %}
{% endwith %}
{% include 'layout/range/check_ends.sql' %}
) AS of_second
{% set intervals = facts.bounds | rejectattr('bound_sql', 'equalto', 'DEFAULT') | list | length %}
UNION ALL
SELECT
  'partitions by value and interval', 'from 1 to 5,000',
  CASE WHEN source.oid IS NULL THEN 'none yet' ELSE {{ ('none, or too many for one value; choose a longer interval, or say range_start and range_end' if not intervals
    else (facts.bounds | length | string) ~ ('; choose a longer interval, or a greater min_share' if facts.bounds | length > 5000 else '')) | literal }} END,
  source.oid IS NULL OR {{ (intervals > 0 and facts.bounds | length <= 5000) | literal }}
FROM source
