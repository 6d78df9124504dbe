{## Whether PostgreSQL prints the body of the function `p` wrong: a parameter without a name as "", where others have names. -##}
('' = ANY (p.proargnames) AND strpos(pg_get_function_sqlbody(p.oid), quote_ident(p.proname) || '.""') > 0)
