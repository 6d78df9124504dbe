{## Some facts in one SELECT, and so in one snapshot: their names, and their rows as jsonb. ##}
{% for fact in asked %}
{% if not loop.first %}UNION ALL {% endif %}SELECT {{ fact.name | literal }} AS fact, (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
{{ fact.sql }}
) AS f) AS rows
{% endfor %}
