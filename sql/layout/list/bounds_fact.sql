{## The partitions: one for each value that at least `min_share` percent of the rows have, and the default one for the others, last.
    Of a table of more than 1 GB, a sample of so much is read. A partition is called by the table and its value, where that
    is letters, digits, _ and -, short, and of no other in another case; else by its number, as _part_00; where such names
    are taken, as _p2_part_00. A value with a backslash, a long one, or one that is no text has none of its own. Nor may a name begin
    as that of another partition or of the new table, _ included: so begin the names of their indexes, and of their own partitions. A
    SELECT without its semicolon. -##}
SELECT of.number, of.value, of.bound_sql,
  CASE WHEN free.number > 1 THEN '_p' || free.number ELSE '' END || CASE WHEN of.value IS NULL THEN '_default'
    WHEN of.can_name AND of.alike = 1 AND NOT EXISTS (
      SELECT FROM unnest(of.names) AS other WHERE starts_with(of.plain, other || '_')) THEN '_' || of.plain
    ELSE '_part_' || lpad(of.number::text, 2, '0') END AS stem
FROM (
  SELECT named.*, (row_number() OVER (ORDER BY named.value COLLATE "C" NULLS LAST) - 1)::integer AS number,
    count(*) OVER (PARTITION BY named.plain) AS alike, array_agg(named.plain) FILTER (WHERE named.can_name) OVER () AS names
  FROM (
    SELECT part.*, lower(replace(part.value, '-', '_')) AS plain,
      part.value ~ '^[A-Za-z0-9_-]{1,40}$' AND part.value !~* '^(new|default|part)([_-].*)?$' AS can_name
    FROM (
      SELECT found.word AS value, {% include 'layout/list/bound_of.sql' %} AS bound_sql
{% include 'layout/list/values.sql' %}

      UNION ALL
      SELECT NULL, 'DEFAULT'
    ) AS part
  ) AS named
) AS of
CROSS JOIN (SELECT {% include 'facts/fragments/free_number.sql' %}) AS free (number)
ORDER BY 1
