{## Partitions that the table `whole` should have and has not, or before the swap has besides, by their bounds. -##}
{% set whole = whole | default(source) %}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
SELECT coalesce(wanted.name, there.name) AS partition, coalesce(wanted.bound, there.bound) AS bound,
  CASE WHEN there.name IS NULL THEN 'is not there' ELSE 'should not be there' END AS what
FROM (VALUES (NULL, NULL)
{% for some in numbers | batch(2) %}
{% for item in some %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
{% set bound %}{% include 'repartition/target/place.sql' %}{% endset %}
 , ({{ partition | string | literal }}, {{ bound | literal }})
{%- endfor %}

{% endfor %}
) AS wanted (name, bound)
FULL JOIN (
  SELECT c.oid::regclass::text, {% include 'repartition/target/place_of.sql' %}

  FROM pg_partition_tree({{ whole | literal }}::regclass) AS part JOIN pg_class AS c ON c.oid = part.relid
  WHERE part.isleaf AND part.parentrelid IS NOT NULL
) AS there (name, bound) USING (bound)
WHERE wanted.name IS NULL AND there.name IS NOT NULL AND {{ (whole == target) | literal }} OR wanted.name IS NOT NULL AND there.name IS NULL
