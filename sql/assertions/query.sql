-- One value: equal to another, or between two. No row and several rows are no value.
SELECT
  'value' AS subject,
{% if between is not none %}
  {{ between[0] | literal }}::text || ' to ' || {{ between[1] | literal }}::text AS expected,
{% else %}
  {{ equals | literal }}::text AS expected,
{% endif %}
  CASE count(*)
    WHEN 0 THEN 'no row'
    WHEN 1 THEN coalesce(left(regexp_replace(min(value::text), '[[:space:][:cntrl:]]+', ' ', 'g'), 200), 'null')
    ELSE count(*) || ' rows'
  END AS actual,
{% if between is not none %}
  count(*) = 1 AND coalesce(min(value::text)::numeric
    BETWEEN {{ between[0] | literal }}::numeric AND {{ between[1] | literal }}::numeric, false) AS passed
{% elif equals is number and equals is not boolean %}
  count(*) = 1 AND coalesce(min(value::text)::numeric = {{ equals | literal }}, false) AS passed
{% else %}
  count(*) = 1 AND coalesce(min(value::text) = {{ equals | literal }}::text, false) AS passed
{% endif %}
FROM (
{% include sql %}

) AS query (value);
