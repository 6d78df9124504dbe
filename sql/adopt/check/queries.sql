-- Which statements do something else afterwards, or fail. Reads the catalogs.
{% from 'adopt/indexes.sql' import whole, alone, key with context %}
SELECT
  'primary key' AS subject, 'stays as it is' AS expected,
{% for index in key %}
  {{ ('becomes (' ~ (index.columns + [key_column]) | join(', ') ~ '): two unique indexes are built beforehand, while the table is in use. (' ~ index.columns | join(', ')
      ~ ') alone stays unique in ' ~ old.name ~ ', and nowhere else. Or --var keys=keep, which builds none: the table has no primary key as a whole then') | literal }} AS actual,
{% else %}
  {% if alone | selectattr('primary') | list %}'is one of each partition, and the table has none as a whole. Or --var keys=widen'{% else %}'stays as it is'{% endif %} AS actual,
{% endfor %}
  {{ (not key and not alone | selectattr('primary') | list) | literal }} AS passed
UNION ALL
SELECT
  'unique indexes', {{ ('each contains ' ~ key_column) | literal }},
  coalesce({% include 'tables/listed.sql' %} || {{ (': unique within a partition only, so one value may occur in rows of different ' ~ key_column ~ ', by INSERT and by UPDATE') | literal }},
    {{ ('each contains ' ~ key_column) | literal }}),
  count(listed.name) = 0
FROM unnest({{ (key + alone) | map(attribute='name') | list | literal }}::text[]) AS listed (name)
UNION ALL
SELECT
  'ON CONFLICT', 'names the columns that it named before',
  coalesce('fails ' || {% include 'tables/listed.sql' %} || '; and without columns it sees the rows of one partition only', 'names the columns that it named before'),
  count(listed.name) = 0
FROM (VALUES (NULL::text)
{% for index in key + alone %}
  , ({{ ('with ' ~ ('(' ~ index.columns | join(', ') ~ ')' if none not in index.columns else 'the expressions of ' ~ index.name)
       ~ (', now (' ~ (index.columns + [key_column]) | join(', ') ~ '): name these' if index in key else '')) | literal }})
{% endfor %}
) AS listed (name)
UNION ALL
SELECT
  'UPDATE of ' || quote_ident({{ key_column | literal }}), 'leaves the row where it is',
  'moves it to another partition where that is another one. Who waits for such a row fails with SQLSTATE 40001, and has to try again', false
UNION ALL
SELECT
  'statements on indexes', 'go on as they are',
  'a table with partitions refuses CREATE and DROP INDEX CONCURRENTLY, ADD CONSTRAINT ... USING INDEX, ALTER TABLE ... CLUSTER ON '
    'and ALTER INDEX ... SET. On a partition they work', false
{% if key + alone %}
UNION ALL
{% with always = true %}
{% include 'repartition/check/upserts.sql' %}
{% endwith %}
{% endif %}
