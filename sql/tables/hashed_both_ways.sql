{## What is hashed of a column `a` that gets the type `change.type_name`, in the row `r` of the table as it is and in that of the
    new one: the value, and what it is as the other table's type. So a value that doesn't come back is found, whoever has converted it. A
    SELECT of `here` and `there` without its semicolon, for a LATERAL join; null where the type stays, or holds every value as it is. -##}
SELECT
  format('ROW(r.%1$I, CAST(CAST(r.%1$I AS %2$s) AS %3$s))::text COLLATE "C"', a.attname, change.bare, change.type_name) AS here,
  format('ROW(CAST(CAST(r.%1$I AS %2$s) AS %3$s), r.%1$I)::text COLLATE "C"', a.attname, format_type(a.atttypid, -1), format_type(a.atttypid, a.atttypmod)) AS there
WHERE change.type_oid IS NOT NULL AND format_type(a.atttypid, a.atttypmod) <> change.type_name
  AND NOT {% include 'tables/is_widened.sql' %}
