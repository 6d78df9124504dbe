{## The partitions: one for each value that at least `min_share` percent of the rows have, and the default one for the others, last.
    Of a table of more than 1 GB, a sample of so much is read. A partition is called by the table and its value, where that
    is letters, digits, _ and -, short, and of no other in another case; else by its number, as _part_00; where such names
    are taken, as _p2_00. A value with a backslash, a long one, or one that is no text has none of its own. A SELECT without its semicolon. -##}
SELECT (row_number() OVER (ORDER BY part.value COLLATE "C" NULLS LAST) - 1)::integer AS number,
  part.value, part.bound_sql,
  CASE WHEN free.number > 1 THEN '_p' || free.number ELSE '' END || CASE WHEN part.value IS NULL THEN '_default'
    WHEN part.value ~ '^[A-Za-z0-9_-]{1,40}$' AND part.value !~* '^(new|default|part_.*)$'
      AND count(*) OVER (PARTITION BY lower(replace(part.value, '-', '_'))) = 1 THEN '_' || lower(replace(part.value, '-', '_'))
    ELSE CASE WHEN free.number > 1 THEN '_' ELSE '_part_' END || lpad((row_number() OVER (ORDER BY part.value COLLATE "C" NULLS LAST) - 1)::text, 2, '0') END AS stem
FROM (
  SELECT found.word AS value, {% include 'layout/list/bound_of.sql' %} AS bound_sql
{% include 'layout/list/values.sql' %}

  UNION ALL
  SELECT NULL, 'DEFAULT'
) AS part
CROSS JOIN (SELECT {% include 'facts/fragments/free_number.sql' %}) AS free (number)
ORDER BY 1
