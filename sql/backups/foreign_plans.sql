-- Whose code would run with the rights of this session, and is not trusted, when rows are looked up in the tables that
-- foreign keys refer to. {## `referenced` is JSON: pairs of a schema, or nothing, and a name. ##}

SELECT strange.code
FROM jsonb_array_elements({{ referenced | literal }}::jsonb) AS named (path)
JOIN pg_class AS c ON c.oid = to_regclass(concat_ws('.', nullif(quote_ident(path ->> 0), '""'), quote_ident(path ->> 1)))
CROSS JOIN LATERAL (SELECT {% include 'security/foreign_plans.sql' %} FROM (SELECT c.oid) AS looked_up (oid)) AS strange (code)
WHERE strange.code IS NOT NULL
ORDER BY 1
