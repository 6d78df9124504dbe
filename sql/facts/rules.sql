-- The rules of the table; a rule that nobody has changed since the swap is `as_swapped`.
SELECT
  r.rulename::text AS name,
  r.ev_enabled::text AS enabled,
  object.identity = ANY ({% include 'repartition/check/accepted.sql' %}) AS accepted,
  rtrim(pg_get_ruledef(r.oid), ';') AS definition_sql,
  {% with alias = 'r' %}{% include 'facts/fragments/as_swapped.sql' %}{% endwith %} AS as_swapped
FROM pg_rewrite AS r
CROSS JOIN pg_identify_object('pg_rewrite'::regclass, r.oid, 0) AS object
WHERE r.ev_class = to_regclass({{ source | literal }}) AND r.rulename <> '_RETURN'
ORDER BY r.rulename
