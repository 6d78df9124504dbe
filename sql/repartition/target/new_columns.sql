{## The columns of the new table in their order, with what hangs on them alone, and the checks that hold for all rows: a
    temporary table that the new one is like, which is dropped with the transaction. -##}
-- The columns that it is to have.
CREATE TEMPORARY TABLE executor_shape (
{% for column in facts.new_columns if not column.is_dropped %}
  {{ column.name | ident }} {{ column.definition_sql }}{% if not loop.last %},{% endif %}

{% endfor %}
{% for check in facts.checks if check.validated %}
  , CONSTRAINT {{ check.name | ident }} {{ check.definition_sql }}
{% endfor %}
) ON COMMIT DROP;
{% for column in facts.new_columns if not column.is_dropped %}
{% if column.storage %}
ALTER TABLE pg_temp.executor_shape ALTER COLUMN {{ column.name | ident }} SET STORAGE {{ column.storage | ident }};
{% endif %}
{% if column.comment %}
COMMENT ON COLUMN pg_temp.executor_shape.{{ column.name | ident }} IS {{ column.comment | literal }};
{% endif %}
{% if column.not_null_comment %}
COMMENT ON CONSTRAINT {{ column.not_null_comment.name | ident }} ON pg_temp.executor_shape IS {{ column.not_null_comment.comment | literal }};
{% endif %}
{% endfor %}
{% for check in facts.checks if check.validated and check.comment is not none %}
COMMENT ON CONSTRAINT {{ check.name | ident }} ON pg_temp.executor_shape IS {{ check.comment | literal }};
{% endfor %}
