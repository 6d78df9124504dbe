{## The numbers of the partitions that the table in use has no more, by their bounds and not by their names: an expression
    of integer[]. -##}
ARRAY(
  SELECT number FROM (VALUES (NULL::integer, NULL)
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% for item in numbers %}
{% set bound %}{% include 'repartition/target/place.sql' %}{% endset %}
    , ({{ item }}, {{ bound | literal }})
{% endfor %}
  ) AS part (number, bound)
  WHERE number IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_partition_tree(to_regclass({{ source | literal }})) AS tree JOIN pg_class AS c ON c.oid = tree.relid
    WHERE {% include 'repartition/target/place_of.sql' %} = part.bound)
  ORDER BY number)
