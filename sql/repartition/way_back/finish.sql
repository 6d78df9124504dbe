-- Validates the foreign keys of the table that is back in its place, and those into it, while it and the other tables
-- are written to, and ends the log of what was written to the other one.
-- Lock: SHARE UPDATE EXCLUSIVE on the table and ROW SHARE on what it refers to, while rows are read. If it is
-- partitioned, at last SHARE ROW EXCLUSIVE on it and ACCESS EXCLUSIVE on what it refers to, for about 1 ms for each
-- partition, when it adopts the keys of its partitions.
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% with looked_up = facts.foreign_keys | map(attribute='referenced_sql') | unique | list %}
{% include 'security/no_foreign_plans.sql' %}
{% endwith %}
{% for key in facts.foreign_keys %}
{% set partitions = facts.leaves if facts.table[0].partitioned and key.partition_sql is none else [] %}
{% if key.validated and key.enforced %}
{% if partitions %}
-- If the table has it still, so have its partitions: valid, and maybe under names of their own.
DO {% set body %}

BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = {{ key.name | literal }} AND conrelid = {{ source | literal }}::regclass) THEN
{% for leaf in partitions %}
    ALTER TABLE {{ leaf.schema | ident }}.{{ leaf.name | ident }} VALIDATE CONSTRAINT {{ key.name | ident }};
{% endfor %}
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% else %}
ALTER TABLE {% if key.partition_sql is none %}{{ source | ident }}{% else %}{{ key.partition_sql }}{% endif %} VALIDATE CONSTRAINT {{ key.name | ident }};
{% endif %}
{% endif %}
{% endfor %}
{% with said = now, late = true %}
{% include 'repartition/incoming_keys/restore.sql' %}
{% include 'repartition/incoming_keys/validate_all.sql' %}
{% endwith %}
{% for key in facts.foreign_keys %}
{% if facts.table[0].partitioned and key.partition_sql is none and facts.leaves %}
DO {% set body %}

BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = {{ key.name | literal }} AND conrelid = {{ source | literal }}::regclass) THEN
    ALTER TABLE {{ source | ident }} ADD CONSTRAINT {{ key.name | ident }} {{ key.definition_sql }}{% if not key.validated and key.enforced %} NOT VALID{% endif %};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% endif %}
{% if key.comment is not none %}
COMMENT ON CONSTRAINT {{ key.name | ident }} ON {% if key.partition_sql is none %}{{ source | ident }}{% else %}{{ key.partition_sql }}{% endif %} IS {{ key.comment | literal }};
{% endif %}
{% endfor %}

DROP FUNCTION IF EXISTS {{ back_sync | ident }}(boolean, integer, integer);
DROP FUNCTION IF EXISTS {{ old | ident }}();
DROP TABLE IF EXISTS {{ back_log | ident }};
