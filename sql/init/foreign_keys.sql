{## The foreign keys from the table and into it; of one into it the columns are those that it refers to.
    `needs_scan`: if its relation has partitions, it can be had there only with a scan, as before PostgreSQL 18. -##}
  SELECT
    f.conname::text AS name,
    f.confrelid = whole.oid AS incoming,
    (CASE WHEN f.confrelid = whole.oid THEN f.conrelid ELSE f.confrelid END)::regclass::text AS relation,
    (pg_identify_object('pg_constraint'::regclass, f.oid, 0)).identity AS identity,
    f.conrelid = whole.oid AS of_itself,
    (SELECT r.relkind = 'p' FROM pg_class AS r WHERE r.oid = f.conrelid) AS partitioned,
    current_setting('server_version_num')::integer < 180000 AS needs_scan,
    (SELECT jsonb_agg(a.attname ORDER BY p.place)
     FROM unnest(CASE WHEN f.confrelid = whole.oid THEN f.confkey ELSE f.conkey END) WITH ORDINALITY AS p (attnum, place)
     JOIN pg_attribute AS a ON a.attrelid = whole.oid AND a.attnum = p.attnum) AS columns
  FROM (SELECT to_regclass({{ source | literal }})::oid) AS whole (oid)
  JOIN pg_constraint AS f ON f.contype = 'f' AND f.conparentid = 0 AND whole.oid IN (f.conrelid, f.confrelid)
  ORDER BY 2, f.conrelid::regclass::text COLLATE "C", f.conname
