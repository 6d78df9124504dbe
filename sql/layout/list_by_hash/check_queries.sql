{## What its statements do afterwards. ##}
{% include 'layout/unique_within.sql' %}
UNION ALL
SELECT
  'ON CONFLICT', 'names the columns that it named before',
{% if routing == 'expression' %}
  'fails if it names columns, and so only ON CONFLICT DO NOTHING works: the unique indexes are those of the partitions. Where statements '
    'name columns, use --var routing=column or the plan with hash partitions, which take those of a key that contains '
    || quote_ident({{ key_column | literal }}),
  false
FROM source
{% else %}
  'has to name the whole primary key, partition_key included: '
    || coalesce('ON CONFLICT (' || (
      SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)
        || CASE WHEN (SELECT attnum FROM key) = ANY (i.indkey::int2[]) THEN '' ELSE ', ' || quote_ident({{ key_column | literal }}) END
      FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
      JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE k.place <= i.indnkeyatts) || ', partition_key). ', 'there is none. ')
    || 'With the columns of any other unique index it fails',
  false
FROM source LEFT JOIN pg_index AS i ON i.indrelid = source.oid AND i.indisprimary
{% endif %}
UNION ALL
SELECT
  'UPDATE of ' || quote_ident({{ key_column | literal }}), 'leaves the row where it is',
  'moves it to another partition where that is another one'
{% if routing == 'column' %}
    || format(', and has to set partition_key = abs(hashtext(%s::text) %% {{ partition_count }}), too', coalesce(key.value, '$1'))
{% endif %}
    || '. Who waits for such a row fails with SQLSTATE 40001, and has to try again',
  {{ (partition_count == 1) | literal }}
FROM source LEFT JOIN key ON true
UNION ALL
-- Measured: by another condition the planner looks at all partitions, if only to leave them out.
SELECT
  'queries by ' || quote_ident({{ key_column | literal }}), 'look into one partition',
  'look into all {{ partition_count }}, unless they add: AND '
    || format('{% if routing == 'expression' %}abs(hashtext(%1$I::text) %% {{ partition_count }}){% else %}partition_key{% endif %} = abs(hashtext(%2$s::text) %% {{ partition_count }})',
         {{ key_column | literal }}, coalesce(key.value, '$1')) || ', where $1 is the value of ' || quote_ident({{ key_column | literal }}),
  {{ (partition_count == 1) | literal }}
FROM source LEFT JOIN key ON true
UNION ALL
SELECT
  'statements that name no columns', 'meet those of now',
  'meet partition_key, too, which comes last: COPY ... FROM{% if routing == 'column' %} and INSERT ... VALUES fail{% else %} fails{% endif %}, SELECT * and rows as JSON have one value more. Let them name the columns before',
  EXISTS (SELECT FROM source JOIN pg_attribute AS a ON a.attrelid = source.oid WHERE a.attname = 'partition_key' AND a.attnum > 0 AND NOT a.attisdropped)
{% if routing == 'column' %}
UNION ALL
SELECT
  'writers', 'send partition_key with every row',
  format('without it this fails: INSERT INTO %s (%s) VALUES (...) - "no partition of relation found for row". '
         'Release writers that send abs(hashtext(%I::text) %% {{ partition_count }}) together with the swap, '
         'or leave routing at expression',
    {{ source | string | literal }},
    coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), '...'), {{ key_column | literal }}),
  false
FROM source
LEFT JOIN pg_attribute AS a
  ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
{% endif %}
