{## What logs the writes to the relation `logged` by name, for the way back of a migration: an expression of jsonb. Triggers of the
    table itself log what is written by its name, but a foreign key that follows a delete writes to a partition. One that is not as a run writes
    it is none: the text of a name or a column could be any SQL. -##}
(SELECT coalesce(jsonb_agg(jsonb_build_object('name', t.tgname, 'create_sql', made.sql, 'does_sql', ' ' || {% include 'tables/rest.sql' %}) ORDER BY t.tgname), '[]')
   FROM pg_trigger AS t
   CROSS JOIN LATERAL (
     SELECT format('CREATE TRIGGER %I %s', t.tgname, CASE split_part(t.tgname, '_', 2)
       WHEN 'insert' THEN 'AFTER INSERT' WHEN 'update' THEN 'AFTER UPDATE' WHEN 'delete' THEN 'AFTER DELETE' ELSE 'BEFORE TRUNCATE' END)
   ) AS made (sql)
   CROSS JOIN LATERAL (
     SELECT pg_get_triggerdef(t.oid), format('%s ON %s.%I ', made.sql, logged.relnamespace::regnamespace, logged.relname)
   ) AS shape (definition, head)
   WHERE t.tgrelid = logged.oid AND t.tgparentid = 0 AND t.tgenabled = 'A' AND t.tgtype & 1 = 0 AND has_function_privilege(t.tgfoid, 'EXECUTE')
     AND t.tgname ~ '^executor[0-9]*_(insert|update|delete|truncate)$' AND starts_with(shape.definition, shape.head))