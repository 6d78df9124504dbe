-- One value: equal to another, or between two. No row is no value.
SELECT
  'value' AS subject,
{% if between is not none %}
  {{ between[0] | literal }}::text || ' to ' || {{ between[1] | literal }}::text AS expected,
  coalesce(min(value::text), 'no value') AS actual,
  count(*) = 1 AND coalesce(min(value::text)::numeric
    BETWEEN {{ between[0] | literal }}::numeric AND {{ between[1] | literal }}::numeric, false) AS passed
{% elif equals is number and equals is not boolean %}
  {{ equals | literal }}::text AS expected,
  coalesce(min(value::text), 'no value') AS actual,
  count(*) = 1 AND coalesce(min(value::text)::numeric = {{ equals | literal }}, false) AS passed
{% else %}
  {{ equals | literal }}::text AS expected,
  coalesce(min(value::text), 'no value') AS actual,
  count(*) = 1 AND coalesce(min(value::text) = {{ equals | literal }}::text, false) AS passed
{% endif %}
FROM (
{% include sql %}

) AS query (value);
