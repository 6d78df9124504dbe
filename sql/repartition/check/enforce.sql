-- Whether triggers can do the work of the foreign keys into the table that are given up, where the plan wants that.
SELECT
  'foreign keys whose work triggers shall do' AS subject,
  'such as a trigger can do' AS expected,
  coalesce({% include 'tables/listed.sql' %}
    || '. Let nothing do its work (--var enforce=none), or change or drop the key', 'such as a trigger can do') AS actual,
  count(listed.name) = 0 AS passed
FROM (VALUES (NULL::text)
{%- for key in facts.incoming_keys | selectattr('by_trigger') if key.no_trigger is not none %}
, ({{ (key.identity ~ ': ' ~ key.no_trigger) | literal }})
{%- endfor %}) AS listed (name)
