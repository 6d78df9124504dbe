{## The table: rows and bytes with those of its partitions, and what was written to it since the server counts. A SELECT
    without its semicolon, as all that facts.sql includes. -##}
  SELECT
    c.oid::regclass::text AS name,
    quote_ident(current_user) AS role,
    c.relkind = 'p' AS partitioned,
    pg_get_partkeydef(c.oid) AS partitioned_by,
    part.partitions,
    part.heap_bytes = 0 OR part.rows = 0 AS empty,
    part.rows,
    part.bytes,
    part.bytes AS bytes_now,
    part.index_bytes,
    counted.inserts, counted.updates, counted.deletes,
    counted.seconds,
    NOT row_security_active(c.oid) AS sees_statistics
  FROM pg_class AS c
  CROSS JOIN LATERAL (
    SELECT
      count(*) - 1 AS partitions,
      CASE WHEN bool_and(p.relkind = 'p' OR p.reltuples >= 0 OR pg_relation_size(p.oid) = 0)
        -- that of a partitioned table is the sum of its partitions already
        THEN coalesce(sum(greatest(p.reltuples, 0)) FILTER (WHERE p.relkind <> 'p'), 0)::numeric END AS rows,
      coalesce(sum(pg_relation_size(p.oid)), 0) AS heap_bytes,
      coalesce(sum(pg_total_relation_size(p.oid)), 0) AS bytes,
      coalesce(sum(pg_indexes_size(p.oid)), 0) AS index_bytes
    FROM pg_class AS p
    WHERE p.oid IN (
{% include 'facts/fragments/tree.sql' %}
    )
  ) AS part
  CROSS JOIN LATERAL (
    SELECT sum(s.n_tup_ins) AS inserts, sum(s.n_tup_upd) AS updates, sum(s.n_tup_del) AS deletes,
      (SELECT extract(epoch FROM now() - d.stats_reset) FROM pg_stat_database AS d WHERE d.datname = current_database()) AS seconds
    FROM pg_stat_all_tables AS s
    WHERE s.relid IN (
{% include 'facts/fragments/tree.sql' %}
    )
  ) AS counted
  WHERE c.oid = to_regclass({{ source | literal }})
