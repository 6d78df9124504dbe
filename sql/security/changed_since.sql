{## Which of the tables whose oids are in the array `tables`, a variable of the block around this, are not what the
    catalogs say of them, as these show what was when the snapshot was taken, and the tables are locked only now:
    a SELECT of names without its semicolon. A column that bears the name of another one, of a type that has a
    cast, would run that. -##}
SELECT changed.oid::regclass::text AS name
FROM unnest(tables) AS named
CROSS JOIN LATERAL (SELECT named AS oid UNION SELECT relid FROM pg_partition_tree(named)) AS changed
LEFT JOIN pg_class AS c ON c.oid = changed.oid
WHERE c.oid IS NULL OR nullif(c.relfilenode, 0) IS DISTINCT FROM pg_relation_filenode(c.oid)
  OR current_setting('transaction_isolation') <> 'read committed' AND EXISTS (
    SELECT FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND (pg_identify_object_as_address('pg_class'::regclass, c.oid, a.attnum)).object_names[3] IS DISTINCT FROM a.attname::text)
