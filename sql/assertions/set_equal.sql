-- The same values in both tables, however often each occurs.
{% set columns = [column] if column is string else column %}
WITH missing AS MATERIALIZED (
  SELECT {% for c in columns %}{{ c | ident }}{% if not loop.last %}, {% endif %}{% endfor %} FROM {{ left | name | ident }}
  EXCEPT
  SELECT {% for c in columns %}{{ c | ident }}{% if not loop.last %}, {% endif %}{% endfor %} FROM {{ right | name | ident }}
),
extra AS MATERIALIZED (
  SELECT {% for c in columns %}{{ c | ident }}{% if not loop.last %}, {% endif %}{% endfor %} FROM {{ right | name | ident }}
  EXCEPT
  SELECT {% for c in columns %}{{ c | ident }}{% if not loop.last %}, {% endif %}{% endfor %} FROM {{ left | name | ident }}
)
SELECT
  'values of the left table' AS subject,
  'all on the right' AS expected,
  CASE WHEN count(*) = 0 THEN 'all on the right'
    ELSE count(*) || ' missing, such as ' || (SELECT string_agg(m::text, ' ') FROM (SELECT missing AS m FROM missing LIMIT 3) AS few)
  END AS actual,
  count(*) = 0 AS passed
FROM missing
UNION ALL
SELECT
  'values of the right table',
  'all on the left',
  CASE WHEN count(*) = 0 THEN 'all on the left'
    ELSE count(*) || ' extra, such as ' || (SELECT string_agg(m::text, ' ') FROM (SELECT extra AS m FROM extra LIMIT 3) AS few)
  END,
  count(*) = 0
FROM extra;
