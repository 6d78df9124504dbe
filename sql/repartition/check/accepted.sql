{## What the names that the plan accepts mean, as an array: each as it stands, and one that is nothing but the
    name of a constraint, trigger, rule, index, view, function or type as the identity of the only one of that
    name among all that hangs on the table, be it under its name, the new one's or the old one's. -##}
{% if accept %}
ARRAY(
  SELECT given.name FROM unnest({{ accept | literal }}::text[]) AS given (name)
  UNION ALL
  SELECT min(object.identity)
  FROM unnest({{ accept | literal }}::text[]) AS given (name)
  JOIN (
{% include 'repartition/check/acceptable.sql' %}
  ) AS object (name, identity) USING (name)
  GROUP BY given.name
  HAVING count(DISTINCT object.identity) = 1
)
{%- else -%}
{{ accept | literal }}::text[]
{%- endif %}
