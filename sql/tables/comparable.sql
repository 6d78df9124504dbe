{## Whether PostgreSQL compares what a column `a` holds with values of the type `change.type_oid`: an expression. -##}
(EXISTS (
    SELECT FROM pg_amop AS o JOIN pg_opfamily AS family ON family.oid = o.amopfamily
    JOIN pg_am AS am ON am.oid = family.opfmethod AND am.amname = 'btree'
    WHERE o.amopstrategy = 3 AND o.amoplefttype = a.atttypid AND o.amoprighttype = change.type_oid)
    OR ARRAY[a.atttypid, change.type_oid] <@ ARRAY['text', 'varchar']::regtype[]::oid[] OR a.atttypid = change.type_oid)
