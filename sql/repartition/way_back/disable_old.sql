{## Disables the application's triggers and rules on the old table: on the way back rows are written to it
    for which they have done their work once; not those that log what reaches it. The swap back enables them as they were. Then it keeps
    writers out of the old table and its partitions, by whose names they could write past the new table. What was granted
    on the old table, its sequences and the old materialized views is the new ones' now, and is taken from it: a write
    to it would be in the way back. The swap back grants what is granted on the table in use by then. -##}
{% for trigger in facts.triggers if trigger.enabled != 'D' %}
ALTER TABLE {% if trigger.on_table %}{{ old | ident }}{% else %}ONLY {{ trigger.schema | ident }}.{{ trigger.relation | ident }}{% endif %} DISABLE TRIGGER {{ trigger.name | ident }};
{% endfor %}
{% for rule in facts.rules if rule.enabled != 'D' %}
ALTER TABLE {{ old | ident }} DISABLE RULE {{ rule.name | ident }};
{% endfor %}
{% for grant in facts.grants if not grant.is_revoked %}
{% set name = old.name if grant.kind == 'TABLE' else (grant.relation ~ '_old_' ~ timestamp) | short_name %}
-- CASCADE: with what they have granted on
REVOKE ALL ON {% if grant.kind == 'SEQUENCE' %}SEQUENCE {% endif %}{{ grant.schema | ident }}.{{ name | ident }} FROM {{ grant.grantee_sql }} CASCADE;
{% endfor %}
{% for table in facts.tree %}
{% set schema, name = table.schema, old.name if loop.first else table.name %}
CREATE TRIGGER executor_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {{ schema | ident }}.{{ name | ident }} FOR EACH STATEMENT EXECUTE FUNCTION {{ old | ident }}();
ALTER TABLE {{ schema | ident }}.{{ name | ident }} ENABLE ALWAYS TRIGGER executor_guard;
{% endfor %}
{% if facts.server[0].version < 150000 and facts.table and facts.table[0].partitioned %}
{% with relation = old %}
{% include 'tables/trigger_clones.sql' %}
{% endwith %}
{% endif %}
