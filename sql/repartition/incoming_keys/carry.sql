{## Gives every table whose foreign key comes along that key again, to the table that has the place now. Before the swap it
    would refuse rows that the new table has not yet, and follow what a pass deletes there to insert it again. -##}
{% for key in said.incoming_keys if key.kept %}
{% if loop.first %}

-- Foreign keys into the table come along, not validated yet, so without a scan: validate_incoming_keys does that.
{% endif %}
ALTER TABLE {{ key.relation_sql }} ADD CONSTRAINT {{ key.name | ident }} {{ key.definition_sql }}{% if key.enforced %} NOT VALID{% endif %};
{% if key.comment is not none %}
COMMENT ON CONSTRAINT {{ key.name | ident }} ON {{ key.relation_sql }} IS {{ key.comment | literal }};
{% endif %}
{% endfor %}
