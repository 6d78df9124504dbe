{## Whether values of the column `a`, of the type `t`, can be listed: an expression. PostgreSQL's own types alone, of which equal values
    are the same text, and enums. -##}
(format_type(a.atttypid, NULL) = ANY (ARRAY['boolean', 'smallint', 'integer', 'bigint', 'text', 'character varying', 'uuid', 'date'])
    OR t.typtype = 'e') AND coalesce(rules.collisdeterministic, true)