{## Validates the foreign key `key` into the table. A row that refers to one that is no more stops nothing: the key stays as it
    is, holds for every new row, and the row's key is told. -##}
{% set statement = 'ALTER TABLE ' ~ key.relation_sql ~ ' VALIDATE CONSTRAINT ' ~ (key.name | ident) %}
{% with written = [], read = [source, key.relation], called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}
DO {% set body %}

DECLARE
  reason text := nullif(current_setting('executor.foreign_code'), '');
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_constraint AS c JOIN pg_class AS r ON r.oid = c.conrelid JOIN pg_namespace AS n ON n.oid = r.relnamespace
    WHERE format('%I.%I', n.nspname, r.relname) = {{ key.relation | literal }} AND c.conname = {{ key.name | literal }} AND c.contype = 'f' AND NOT c.convalidated)
  THEN
    RETURN;
  END IF;
  IF reason IS NULL THEN
    BEGIN
      -- locked first, so that neither table gets an index while the statement waits: to validate plans a query on both
      CALL pg_temp.executor_refuse_foreign_plans({{ [source | string, key.relation] | literal }}::text[]);
      ALTER TABLE {{ key.relation_sql }} VALIDATE CONSTRAINT {{ key.name | ident }};
    EXCEPTION WHEN foreign_key_violation OR syntax_error_or_access_rule_violation OR raise_exception THEN
      GET STACKED DIAGNOSTICS reason = PG_EXCEPTION_DETAIL;
      reason := coalesce(nullif(reason, ''), SQLERRM);
    END;
  END IF;
  IF reason IS NOT NULL THEN
    RAISE WARNING USING MESSAGE = {{ ('the foreign key ' ~ key.identity ~ (' is back and' if back else '') ~ ' holds for what is written from now on, but not for every row that is there: ') | literal }}
      || rtrim(reason, '.') || {{ ('. Mend or delete such rows, then: ' ~ statement) | string | literal }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
