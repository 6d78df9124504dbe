{## Whether the table `table` has a trigger that calls the function `function`, which nobody but the owner may give to a table: so it is
    the one that was meant, and no other that has its name by now. An expression that whoever writes has no say in. -##}
EXISTS (SELECT FROM pg_catalog.pg_trigger AS t
    WHERE t.tgrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass({{ table | literal }})::pg_catalog.oid AND t.tgfoid OPERATOR(pg_catalog.=) pg_catalog.to_regprocedure({{ (function ~ '()') | literal }})::pg_catalog.oid)