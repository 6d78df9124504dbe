{## Drops the log of what is written to `relation`, the table of the application by the name that it has now. Nothing of
    it need be there. -##}
{% for table in facts.tree %}
{% with schema = table.schema, name = relation.name if loop.first else table.name %}
{% include 'repartition/log/drop_triggers.sql' %}
{% endwith %}
{% endfor %}
DROP FUNCTION IF EXISTS {{ log | ident }}();
DROP TABLE IF EXISTS {{ log | ident }};
