-- Whether the table already has the layout that the plan makes. PostgreSQL prints an expression
-- with its own parentheses and casts, so they are left out of the comparison.
SELECT coalesce((
  SELECT
    regexp_replace(pg_get_partkeydef(c.oid), '[() ]|::text', '', 'g') = regexp_replace(
{% if routing == 'expression' %}
      'LIST abs(hashtext(' || quote_ident({{ key_column | literal }}) || ') % {{ partition_count }})',
{% elif routing == 'column' %}
      'LIST (partition_key)',
{% else %}
      'HASH (' || quote_ident({{ key_column | literal }}) || ')',
{% endif %}
      '[() ]|::text', '', 'g')
    AND (SELECT count(*) FROM pg_inherits AS i WHERE i.inhparent = c.oid) = {{ partition_count }}
  FROM pg_class AS c
  WHERE c.oid = to_regclass({{ source | literal }}) AND c.relkind = 'p'
), false)
