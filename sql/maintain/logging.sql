{## What logs the writes to the relation `logged` by name, for the way back of a migration: an expression of jsonb. Triggers of the
    table itself log what is written by its name, but a foreign key that follows a delete writes to a partition. -##}
(SELECT coalesce(jsonb_agg(jsonb_build_object('name', t.tgname, 'create_sql', left(said.definition, said.place - 1),
     'does_sql', substr(said.definition, said.place + length(' ON ' || logged.relnamespace::regnamespace::text || '.' || quote_ident(logged.relname)))) ORDER BY t.tgname), '[]')
   FROM pg_trigger AS t
   CROSS JOIN LATERAL (SELECT pg_get_triggerdef(t.oid)) AS printed (definition)
   CROSS JOIN LATERAL (SELECT printed.definition, strpos(printed.definition, ' ON ')) AS said (definition, place)
   WHERE t.tgrelid = logged.oid AND t.tgparentid = 0 AND t.tgenabled = 'A' AND t.tgtype & 1 = 0 AND has_function_privilege(t.tgfoid, 'EXECUTE')
     AND t.tgname ~ '^executor[0-9]*_(insert|update|delete|truncate)$')
