-- What earlier runs have left at the table. `number`: the first whose names are free, 1 to 9, and from 2 on they are <table>_pN_... `owns_key`: the
-- table has a column that an earlier run has added, and so is not the application's, `own_columns`; `value_sql` is what it holds.
SELECT
  {% include 'facts/fragments/free_number.sql' %} AS number,
{% include 'layout/own_of_earlier.sql' %}

FROM (SELECT) AS always
LEFT JOIN (
{% include 'layout/own_key.sql' %}
) AS own ON true
