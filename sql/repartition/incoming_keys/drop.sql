{## Drops the foreign keys that refer to the table that leaves. -##}
{% for key in said.incoming_keys %}
{% if loop.first %}

-- Foreign keys into the table would refer to the one that leaves, to which no row is written any more, and follow its
-- deletes instead of those of the table in use. Here they go; those that come along are added again below.
{% endif %}
ALTER TABLE {% if back %}IF EXISTS {% endif %}{{ key.relation_sql }} DROP CONSTRAINT {% if back %}IF EXISTS {% endif %}{{ key.name | ident }};
{% endfor %}
