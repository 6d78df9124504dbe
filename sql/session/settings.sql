{## Settings that end with the transaction; a transaction pooler can't leak them. ##}
SELECT
{% for name, value in settings %}
  pg_catalog.set_config({{ name | literal }}, {{ value | literal }}, {{ local | literal }}){% if not loop.last %},{% endif %}
{% endfor %}
;
