{## The columns of the log `keys`, by which the rows of `relation` were told apart when it was made: they are kept to,
    whatever becomes of the index. No unique index is needed for them: the rows of a key are applied together. A
    SELECT without its semicolon: `name`, `place`, and `equals` as in key_columns.sql. -##}
SELECT k.attname AS name, k.attnum AS place, coalesce(c.equals, '=') AS equals
FROM pg_attribute AS k
LEFT JOIN (
{% include 'tables/key_columns.sql' %}
) AS c ON c.name = k.attname
WHERE k.attrelid = {{ keys | literal }}::regclass AND k.attnum > 0 AND NOT k.attisdropped
