{## For an index `i` with its row `c` of pg_class: what pg_get_indexdef() says of it, but for names. Its head is
    known to the letter, so what follows is taken by length. -##}
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END,
    ' ' || {% include 'tables/rest.sql' %}

  FROM (SELECT pg_get_indexdef(i.indexrelid), format('CREATE %s %I ON %s%s ', CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END, c.relname,
    CASE c.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END, i.indrelid::regclass)) AS shape (definition, head)
) AS shape (kind, body)