{## Whether every value of a column `a` is one of the type `change.type_oid` as it is, with its length `change.modifier`: a
    longer integer or text, which PostgreSQL compares with the shorter one by index. An expression. -##}
(a.atttypid IN ('int2'::regtype, 'int4'::regtype) AND change.type_oid = 'int8'::regtype
    OR a.atttypid = 'int2'::regtype AND change.type_oid = 'int4'::regtype
    OR a.atttypid IN ('text'::regtype, 'varchar'::regtype) AND change.type_oid IN ('text'::regtype, 'varchar'::regtype)
      AND (change.modifier = '' OR a.atttypmod BETWEEN 5 AND substring(change.modifier FROM '^[(]([0-9]{1,8})[)]$')::integer + 4))
