{## Which keys some rows refer to that are not there yet: as many as are asked for at once, as the rows of VALUES, of the given types. -##}
SELECT
  count(*) AS number,
  string_agg(
    '(' || {% for column in columns %}format('%L::%s', k.c{{ loop.index }}, {{ types[loop.index0] | literal }}){% if not loop.last %} || ', ' || {% endif %}{% endfor %} || ')',
    ', ') AS keys_sql
FROM (
  SELECT DISTINCT {% for column in columns %}c.{{ column | ident }} AS c{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}

  FROM {{ child | ident }} AS c
  WHERE {% for column in columns %}c.{{ column | ident }} IS NOT NULL AND {% endfor %} NOT EXISTS (
    SELECT FROM {{ parent | ident }} AS p
    WHERE {% for column in referenced %}p.{{ column | ident }} = c.{{ columns[loop.index0] | ident }}{% if not loop.last %} AND {% endif %}{% endfor %})
  LIMIT {{ at_most }}
) AS k
