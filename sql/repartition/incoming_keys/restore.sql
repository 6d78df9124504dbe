{## Gives the tables that had a foreign key into the table that key again, and those that have got one since: not
    validated yet, so without a scan. A partitioned table can't have such a key before PostgreSQL 18: it gets it with a scan,
    `late`. What stands in the way of one stops nothing: it is said, and what to do. -##}
{% from 'repartition/incoming_keys/which.sql' import keys with context %}
{% for key in keys if (key.partitioned and facts.server[0].version < 180000) == late %}
{% if loop.first %}

-- Foreign keys into the table come back with it{% if not late %}; prepare_way_back validates them{% endif %}.
{% endif %}
{% set statement = 'ALTER TABLE ' ~ key.relation_sql ~ ' ADD CONSTRAINT ' ~ (key.name | ident) ~ ' ' ~ key.definition_sql %}
{% if late %}
{% with written = [], read = [source, key.relation], called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}
{% endif %}
DO {% set body %}

DECLARE
  reason text{% if late %} := nullif(current_setting('executor.foreign_code'), ''){% endif %};
  detail text := '';
BEGIN
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass({{ key.relation | literal }}) AND conname = {{ key.name | literal }}) THEN
{% if late %}
    RETURN;
{% else %}
    reason := 'the table has another constraint of that name';
{% endif %}
{% if not key.of_itself %}
  -- Whoever has made a table of that name since may not refer to this one by it.
  ELSIF NOT EXISTS (
    SELECT FROM pg_class
    WHERE oid = to_regclass({{ key.relation | literal }})
      AND (relowner = to_regrole({{ key.owner | literal }}) OR has_table_privilege(relowner, {{ source | literal }}, 'REFERENCES')))
  THEN
    reason := {{ ('the table is gone, or belongs no longer to ' ~ key.owner) | literal }};
{% endif %}
  ELSIF reason IS NULL THEN
{% if late %}
    CALL pg_temp.executor_refuse_foreign_plans({{ [source | string, key.relation] | literal }}::text[]);
{% endif %}
    ALTER TABLE {{ key.relation_sql }} ADD CONSTRAINT {{ key.name | ident }} {{ key.definition_sql }}{% if key.enforced and not late %} NOT VALID{% endif %};
{% if key.comment is not none %}
    COMMENT ON CONSTRAINT {{ key.name | ident }} ON {{ key.relation_sql }} IS {{ key.comment | literal }};
{% endif %}
  END IF;
  IF reason IS NOT NULL THEN
    RAISE WARNING USING MESSAGE = {{ ('the foreign key ' ~ key.identity ~ ' did not come back: ') | literal }} || reason
      || {{ ('. Remove the cause, then: ' ~ statement) | string | literal }};
  END IF;
EXCEPTION WHEN syntax_error_or_access_rule_violation OR feature_not_supported{% if late %} OR foreign_key_violation OR raise_exception{% endif %} THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  reason := concat_ws('. ', SQLERRM, nullif(rtrim(detail, '.'), ''));
  RAISE WARNING USING MESSAGE = {{ ('the foreign key ' ~ key.identity ~ ' did not come back: ') | literal }} || reason
    || {{ ('. Remove the cause, then: ' ~ statement) | string | literal }};
END
{% endset %}{{ body | dollar_quoted }};
{% endfor %}
