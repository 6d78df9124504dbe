{## The name of the partition plain.name, which bounds.sql has made, among those of the number nth.number: <table>_p2_202601 of 2: an expression. -##}
{% from 'layout/range/interval.sql' import head with context %}
CASE WHEN nth.number = 1 THEN plain.name
  ELSE {{ head | literal }} || '_p' || nth.number || regexp_replace(substr(plain.name, {{ head | length + 1 }}), '^_p', '_') END