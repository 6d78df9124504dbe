{## Whether the function of PostgreSQL's own `p`, a row of pg_proc, runs SQL that it is given, or may do what the owner
    of a table may not: an expression. -##}
(p.oid < 16384 AND p.provolatile <> 'i' AND (
  p.proname LIKE ANY (ARRAY['%\_to\_xml%', 'lo\_%', 'pg\_input\_%', 'pg\_read\_%', 'pg\_ls\_%', '%\_backend', 'pg\_logical\_%',
    '%replication\_slot%', 'pg\_restore\_%', 'pg\_clear\_%', 'pg\_advisory\_%'])
  OR p.proname IN ('setval', 'ts_stat', 'ts_rewrite', 'set_config', 'loread', 'lowrite', 'domain_in', 'domain_recv', 'array_in',
    'array_recv', 'record_in', 'record_recv', 'range_in', 'range_recv', 'multirange_in', 'multirange_recv',
    'pg_nextoid', 'pg_stop_making_pinned_objects', 'pg_import_system_collations')))
