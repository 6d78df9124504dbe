-- Copies a range of blocks of one table that holds rows: every column by name with its value as it
-- is, identity and serial columns too. Generated columns are computed again from the same values.
{% with written = [target], read = [batch.table], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% if batch.filenode %}
-- The range is one of blocks of a file. A reader's lock keeps it in place from here on.
LOCK TABLE ONLY {{ batch.table | ident }} IN ACCESS SHARE MODE;
DO $executor$
BEGIN
  IF pg_relation_filenode({{ batch.table | literal }}) IS DISTINCT FROM {{ batch.filenode }} THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX003', MESSAGE = {{ (batch.table ~ ' was rewritten while it was copied (VACUUM FULL, CLUSTER, TRUNCATE)') | literal }};
  END IF;
END
$executor$;
{% endif %}
{% with columns = facts.columns, to_old = false %}
INSERT INTO {{ target | ident }} ({% with prefix = false %}{% include 'repartition/target/column_names.sql' %}{% endwith %}{% for name in added_columns %}, {{ name | ident }}{% endfor %}) OVERRIDING SYSTEM VALUE
SELECT {% include 'repartition/target/column_values.sql' %}{% with prefix = true %}{% include 'repartition/target/added_values.sql' %}{% endwith %}

FROM {% if not batch.whole %}ONLY {% endif %}{{ batch.table | ident }} AS r
{%- if not batch.whole %}

WHERE ctid >= '({{ batch.first_block }},0)'{% if batch.end_block is not none %} AND ctid < '({{ batch.end_block }},0)'{% endif %}
{%- endif %};
{% endwith %}
