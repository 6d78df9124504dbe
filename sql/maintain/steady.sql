{## Refuses what would run code of roles that are not trusted when a partition is made and attached: code of the table, and of
    the tables that it refers to, whose keys are looked up then. The locks keep new code away up to the end of the transaction.
    Lock: SHARE UPDATE EXCLUSIVE on the table and its default partition, which readers and writers don't notice. -##}
LOCK TABLE ONLY {{ source | ident }} IN SHARE UPDATE EXCLUSIVE MODE;
{% if facts.table[0].has_default %}
LOCK TABLE {{ facts.table[0].default_relation | name | ident }} IN SHARE UPDATE EXCLUSIVE MODE;
{% endif %}
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
DO {% set body %}

DECLARE
  referenced text[];
BEGIN
  SELECT array_agg(DISTINCT confrelid::regclass::text) INTO referenced FROM pg_constraint
  WHERE conrelid = to_regclass({{ source | literal }}) AND contype = 'f';
  CALL pg_temp.executor_refuse_foreign_plans(referenced);
END
{% endset %}{{ body | dollar_quoted }};
