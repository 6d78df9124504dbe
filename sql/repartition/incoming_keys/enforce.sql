{## Has triggers do the work of the foreign keys into the table that have just been dropped, where the plan says so (`enforce`). They
    work with the rights of the owner of both tables, whoever writes. -##}
{% from 'repartition/incoming_keys/enforcers.sql' import enforcers with context %}
{% for enforcer in enforcers %}
{% set key, checks, keeps, ending = enforcer.key, enforcer.checks, enforcer.keeps, enforcer.ending %}
{% if loop.first %}

-- From here on triggers do the work of foreign keys into the table that it has no unique key for.
{% endif %}
{% include 'repartition/incoming_keys/check_function.sql' %}
{% include 'repartition/incoming_keys/keep_function.sql' %}
{% for function in [checks, keeps] %}
{% for owner in facts.owner %}
ALTER FUNCTION {{ function | ident }}() OWNER TO {{ owner.role_sql }};
{% endfor %}
{% include 'security/own_function.sql' %}
COMMENT ON FUNCTION {{ function | ident }}() IS {{ ('Made by executor: does the work of the foreign key ' ~ key.identity ~ ', which ' ~ source ~ ' has no unique key for: ' ~ key.definition_sql ~ '.') | literal }};
{% endfor %}
{% with columns = key.columns, alike = key.alike_sql, row = 'NEW' %}
{% for changed in [false, true] %}
CREATE {% if key.deferrable %}CONSTRAINT {% endif %}TRIGGER {{ (key.name ~ ('_update' if changed else '_insert') ~ ending) | short_name | ident }} AFTER {% if changed %}UPDATE{% else %}INSERT{% endif %} ON {{ key.relation_sql }}
{% if key.deferrable %}{% include 'repartition/incoming_keys/deferrable.sql' %}{% endif %}
FOR EACH ROW {% include 'repartition/incoming_keys/when.sql' %} EXECUTE FUNCTION {{ checks | ident }}();
{% endfor %}
{% endwith %}
{% with columns = key.referenced_columns, alike = key.own_sql, row = 'OLD' %}
{% for changed, waits in [(false, not key.on_delete and not key.restricts_delete), (true, not key.restricts_update)] %}
CREATE {% if key.deferrable and waits %}CONSTRAINT {% endif %}TRIGGER {{ (key.name ~ ('_change' if changed else '_delete') ~ ending) | short_name | ident }} AFTER {% if changed %}UPDATE{% else %}DELETE{% endif %} ON {{ source | ident }}
{% if key.deferrable and waits %}{% include 'repartition/incoming_keys/deferrable.sql' %}{% endif %}
FOR EACH ROW {% include 'repartition/incoming_keys/when.sql' %} EXECUTE FUNCTION {{ keeps | ident }}();
{% endfor %}
{% if key.on_delete %}
-- An UPDATE that moves a row to another partition, and changes its key, is a DELETE for the triggers above: rows would follow it.
{% with changed = true %}
CREATE TRIGGER {{ (key.name ~ '_before' ~ ending) | short_name | ident }} BEFORE UPDATE ON {{ source | ident }}
FOR EACH ROW {% include 'repartition/incoming_keys/when.sql' %} EXECUTE FUNCTION {{ keeps | ident }}();
{% endwith %}
{% endif %}
{% endwith %}
{% if not key.of_itself %}
CREATE TRIGGER {{ (key.name ~ '_truncate' ~ ending) | short_name | ident }} BEFORE TRUNCATE ON {{ source | ident }} FOR EACH STATEMENT EXECUTE FUNCTION {{ keeps | ident }}();
{% endif %}
{% endfor %}
