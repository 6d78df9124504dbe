-- All that is asked of the table: one statement, and so one snapshot. Nothing of the table itself is read.
SELECT jsonb_build_object(
{% for name in ['table', 'columns', 'keys', 'foreign_keys', 'statements'] %}
  {{ name | literal }}, (SELECT coalesce(jsonb_agg(to_jsonb(asked)), '[]') FROM (
{% include 'init/' ~ name ~ '.sql' %}
  ) AS asked){% if not loop.last %},{% endif %}

{% endfor %}
) AS facts
