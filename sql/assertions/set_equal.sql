-- The same values in both tables, however often each occurs. Null is a value like others.
{% include 'tables/steady.sql' %}
{% set columns = [column] if column is string else column %}
WITH /* executor_assertion, as pg_stat_statements shows it */ all_values AS MATERIALIZED (
  SELECT
{% for c in columns %}
    c{{ loop.index }},
{% endfor %}
    coalesce(sum(rows) FILTER (WHERE side = 'left'), 0) > 0 AS on_left,
    coalesce(sum(rows) FILTER (WHERE side = 'right'), 0) > 0 AS on_right
  FROM (
{% for table, side in [(left, 'left'), (right, 'right')] %}
    SELECT {% for c in columns %}{{ c | ident }} AS c{{ loop.index }}, {% endfor %}{{ side | literal }} AS side, count(*) AS rows
    FROM {{ table | name | ident }}
    GROUP BY {% for c in columns %}{{ c | ident }}{% if not loop.last %}, {% endif %}{% endfor %}

{% if without is not none %}
    UNION ALL
    -- few rows are left out: an index finds these, and may serve to count all
    SELECT {% for c in columns %}{{ c | ident }}, {% endfor %}{{ side | literal }} AS side, -count(*)
    FROM {{ table | name | ident }} NATURAL JOIN (SELECT DISTINCT * FROM {{ without | name | ident }}) AS without
    GROUP BY {% for c in columns %}{{ c | ident }}{% if not loop.last %}, {% endif %}{% endfor %}

{% endif %}
{% if not loop.last %}
    UNION ALL
{% endif %}
{% endfor %}
  ) AS counted
  GROUP BY {% for c in columns %}c{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}

  HAVING sum(rows) > 0
),
few AS (
  SELECT
    on_left,
    string_agg(shown, ', ' ORDER BY shown) AS examples
  FROM (
    SELECT
      on_left,
      row_number() OVER (PARTITION BY on_left) AS number,
      concat_ws(' '{% for c in columns %}, left(quote_nullable(regexp_replace(
        CASE WHEN c{{ loop.index }} IS DISTINCT FROM NULL THEN concat(c{{ loop.index }}) END, '[[:space:][:cntrl:]]+', ' ', 'g')), 60){% endfor %}) AS shown
    FROM all_values
    WHERE on_left <> on_right
  ) AS numbered
  WHERE number <= 3
  GROUP BY on_left
)
{% for side in ['left', 'right'] %}
{% set own = left if side == 'left' else right %}
{% set other = right if side == 'left' else left %}
SELECT
  format('values of %s in %s', {{ own | name | literal }}::regclass, {{ other | name | literal }}::regclass) AS subject,
  format('%s of %1$s', count(*)) AS expected,
  format('%s of %s', count(*) FILTER (WHERE on_left AND on_right), count(*))
    || coalesce(', without ' || (SELECT examples FROM few WHERE on_left = {{ (side == 'left') | literal }}), '') AS actual,
  count(*) = count(*) FILTER (WHERE on_left AND on_right) AS passed
FROM all_values
WHERE on_{% if side == 'left' %}left{% else %}right{% endif %}

{% if not loop.last %}
UNION ALL
{% endif %}
{% endfor %}
;
