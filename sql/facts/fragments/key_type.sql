{## The type that the key column `a` will have, by name: an expression, as format_type() has it. -##}
coalesce((
    SELECT format_type(change.type_oid, NULL) FROM (
{% include 'facts/fragments/changed_columns.sql' %}
    ) AS change WHERE change.name = {{ key_column | literal }} AND change.expression IS NULL), format_type(a.atttypid, NULL))
