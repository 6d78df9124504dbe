
-- All that hangs on the table: rights, row level security, policies, triggers, rules and comments.
{## The one that arrives has nothing of it yet; going back it has what it had (`had`), so what is no more goes first, and its owner
    may be another by now. Where it was `stripped` of its triggers these come anew. -##}
{% set had_triggers = facts.triggers if back and stripped is not defined else [] %}
{% set had_rules = facts.rules if back else [] %}
{% set had_policies = facts.policies if back else [] %}
{% set had_comments = facts.comments if back else facts.comments | selectattr('is_made') | list %}
{% if back %}
{% for was in facts.table %}
{% for is in said.table if is.owner_sql != was.owner_sql %}
ALTER TABLE {{ source | ident }} OWNER TO {{ is.owner_sql }};
{% endfor %}
{% endfor %}
{% for view in said.materialized_views if view not in facts.materialized_views %}
ALTER MATERIALIZED VIEW {{ view.schema | ident }}.{{ view.name | ident }} OWNER TO {{ view.owner_sql }};
{% endfor %}
{% for grant in facts.grants if grant.is_revoked and grant not in said.grants %}
GRANT {{ grant.privileges_sql }} ON {{ grant.object_sql }} TO {{ grant.grantee_sql }};
{% endfor %}
{% endif %}
{% for grant in said.grants %}
{% if grant.is_revoked %}
REVOKE {{ grant.privileges_sql }} ON {{ grant.object_sql }} FROM {{ grant.grantee_sql }};
{% else %}
GRANT {{ grant.privileges_sql }} ON {{ grant.object_sql }} TO {{ grant.grantee_sql }}{% if grant.is_grantable %} WITH GRANT OPTION{% endif %};
{% endif %}
{% endfor %}
{% for security in said.security %}
{% set had = (facts.security if back else [{'enabled': false, 'forced': false}]) | first %}
{% if security.enabled != had.enabled %}
ALTER TABLE {{ source | ident }} {% if security.enabled %}ENABLE{% else %}DISABLE{% endif %} ROW LEVEL SECURITY;
{% endif %}
{% if security.forced != had.forced %}
ALTER TABLE {{ source | ident }} {% if not security.forced %}NO {% endif %}FORCE ROW LEVEL SECURITY;
{% endif %}
{% endfor %}
{% set kept = namespace(policies=[], rules=[]) %}
{% for had in had_policies %}
{% for policy in said.policies if policy.name == had.name and (policy.as_swapped or policy.definition_sql == had.definition_sql) %}
{% set kept.policies = kept.policies + [had.name] %}
{% else %}
DROP POLICY {{ had.name | ident }} ON {{ source | ident }};
{% endfor %}
{% endfor %}
{% for had in had_rules %}
{% for rule in said.rules if rule.name == had.name and (rule.as_swapped or rule.definition_sql == had.definition_sql) %}
{% set kept.rules = kept.rules + [had.name] %}
{% endfor %}
{% endfor %}
{% for policy in said.policies if policy.name not in kept.policies %}
CREATE POLICY {{ policy.name | ident }} ON {{ source | ident }} {{ policy.definition_sql }};
{% endfor %}
{% for item in had_triggers if item.on_table and not item.accepted and item.definition_sql not in said.triggers | map(attribute='definition_sql') %}
DROP TRIGGER {{ item.name | ident }} ON {{ source | ident }};
{% endfor %}
{% for item in had_rules if not item.accepted and item.name not in kept.rules %}
DROP RULE {{ item.name | ident }} ON {{ source | ident }};
{% endfor %}
{% for item in said.triggers if item.on_table and not item.accepted %}
{% set is_there = item.definition_sql in had_triggers | map(attribute='definition_sql') %}
{% if not is_there %}
{{ item.definition_sql }};
{% endif %}
{% if item.enabled != ('D' if is_there else 'O') %}
ALTER TABLE {{ source | ident }} {% with enabled = item.enabled %}{% include 'repartition/swap/enabled.sql' %}{% endwith %} TRIGGER {{ item.name | ident }};
{% endif %}
{% endfor %}
{% for item in said.rules if not item.accepted %}
{% set is_there = item.name in kept.rules %}
{% if not is_there %}
{{ item.definition_sql }};
{% endif %}
{% if item.enabled != ('D' if is_there else 'O') %}
ALTER TABLE {{ source | ident }} {% with enabled = item.enabled %}{% include 'repartition/swap/enabled.sql' %}{% endwith %} RULE {{ item.name | ident }};
{% endif %}
{% endfor %}
{% if back %}
{% for item in facts.triggers if (item.accepted or not item.on_table) and item.enabled != 'D' %}
ALTER TABLE {{ item.schema | ident }}.{{ item.relation | ident }} {% with enabled = item.enabled %}{% include 'repartition/swap/enabled.sql' %}{% endwith %} TRIGGER {{ item.name | ident }};
{% endfor %}
{% for item in facts.rules if item.accepted and item.enabled != 'D' %}
ALTER TABLE {{ source | ident }} {% with enabled = item.enabled %}{% include 'repartition/swap/enabled.sql' %}{% endwith %} RULE {{ item.name | ident }};
{% endfor %}
{% endif %}
COMMENT ON TABLE {{ source | ident }} IS NULL;
{% for item in said.comments if (back and not item.is_made or item not in had_comments) and (not item.is_made or item.object_sql.startswith('COLUMN ') or item.name in facts.commented | map(attribute='name')) %}
COMMENT ON {{ item.object_sql }} IS {{ item.comment | literal }};
{% endfor %}
{% if back %}
{% for was in facts.extended_statistics + facts.materialized_view_statistics %}
{% for is in said.extended_statistics + said.materialized_view_statistics if is.schema == was.schema and is.name == was.name and is.comment != was.comment %}
COMMENT ON STATISTICS {{ is.schema | ident }}.{{ is.name | ident }} IS {{ is.comment | literal }};
{% endfor %}
{% endfor %}
{% for check in said.checks if check.comment is not none and check.name not in facts.checks | map(attribute='name') %}
COMMENT ON CONSTRAINT {{ check.name | ident }} ON {{ source | ident }} IS {{ check.comment | literal }};
{% endfor %}
{% for item in facts.comments if item.name not in said.comments | map(attribute='name') and item.name in said.commented | map(attribute='name') %}
COMMENT ON {{ item.object_sql }} IS NULL;
{% endfor %}
{% endif %}
{% if facts.server[0].version < 150000 %}
{% with relation = source %}
{% include 'tables/trigger_clones.sql' %}
{% endwith %}
{% endif %}
