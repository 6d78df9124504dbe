{## The partitions that the run has made, by number: a SELECT of (number, name, short, here, bound, parent, branch, short_branch, given_up), where
    `here` is what has the name now, and `bound` which rows of its `parent` are in it. The `branch` is null of one level;
    of one that is detached or gone, name, here, bound and parent are those of the branch. -##}
SELECT number, CASE WHEN part.cut THEN branch ELSE name END AS name, short, CASE WHEN part.cut THEN to_regclass(branch) ELSE here END AS here,
  CASE WHEN part.cut THEN branch_bound ELSE bound END AS bound,
  CASE WHEN branch IS NULL OR part.cut THEN {{ source | string | literal }} ELSE branch END AS parent, branch, short_branch, given_up
FROM (
  SELECT *, branch IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_partition_tree(to_regclass({{ source | literal }})) WHERE relid = to_regclass(branch)) AS cut
  FROM (VALUES (NULL::integer, NULL, NULL, NULL::regclass, NULL, NULL, NULL, NULL, NULL::boolean)
{% from 'repartition/way_back/given_up.sql' import numbers as lost with context %}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% for item in numbers %}
{% from 'repartition/target/partition_name.sql' import partition, branch with context %}
{% set bound %}{% include 'layout/' ~ layout ~ '/bound.sql' %}{% endset %}
  , ({{ item }}, {{ partition | string | literal }}, {{ partition.name | literal }}, to_regclass({{ partition | literal }}),
   {{ bound | literal }}, {% if branch %}{{ branch.name | string | literal }}, {{ branch.name.name | literal }}, {{ branch.bound_sql | string | literal }}{% else %}NULL, NULL, NULL{% endif %}, {{ (item in lost) | literal }})
{% endfor %}
  ) AS part (number, name, short, here, bound, branch, short_branch, branch_bound, given_up) WHERE number IS NOT NULL
) AS part
