{## The definition of the table executor_original and its partitions as JSON, as build.sql makes a table of it: an
    expression. PostgreSQL itself prints types, expressions and what follows the head of an index or a
    constraint; that head is known to the letter, so nothing is
    searched or replaced. Not in it: triggers, rules, policies, privileges and publications, which
    belong to the table in use and not to its data. Nor where its sequences are: that is asked where it is kept. -##}
(SELECT jsonb_build_object('version', 1, 'schema', (SELECT n.nspname FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = o.relnamespace WHERE o.oid = executor_original), 'name', (SELECT o.relname FROM pg_class AS o WHERE o.oid = executor_original),
  'relations', jsonb_agg(item ORDER BY level, oid))
FROM (
  SELECT tree.level, c.oid, jsonb_strip_nulls(jsonb_build_object(
    'name', c.relname,
    'parent', (SELECT p.relname FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent
               WHERE i.inhrelid = c.oid AND tree.level > 0),
    'bound', CASE WHEN tree.level > 0 THEN pg_get_expr(c.relpartbound, c.oid) END,
    'partition_by', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
    'method', CASE WHEN c.relkind = 'r' THEN (SELECT amname FROM pg_am WHERE pg_am.oid = c.relam) END,
    'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END,
    'tablespace', (SELECT spcname FROM pg_tablespace AS s WHERE s.oid = c.reltablespace),
    'options', (
      SELECT string_agg(format('%s%I = %L', prefix, option_name, option_value), ', ')
      FROM (
        SELECT '' AS prefix, o.* FROM pg_options_to_table(c.reloptions) AS o
        UNION ALL
        SELECT 'toast.', o.* FROM pg_class AS toast, pg_options_to_table(toast.reloptions) AS o WHERE toast.oid = c.reltoastrelid
      ) AS option),
    'identity', CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' END,
    'comment', obj_description(c.oid, 'pg_class'),
    'columns', CASE WHEN tree.level = 0 THEN (
      SELECT jsonb_agg(jsonb_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
        'default', CASE WHEN a.attgenerated = '' AND NOT coalesce(seq.serial, false) THEN pg_get_expr(d.adbin, d.adrelid) END,
        'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
        'generated_as', CASE a.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END,
        'identity', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END,
        'serial', seq.serial,
        'sequence', seq.item,
        'not_null', CASE WHEN a.attnotnull THEN true END,
        'not_null_name', filled.conname,
        'not_null_local', CASE WHEN filled.connoinherit THEN true END,
        'not_null_unproven', CASE WHEN NOT filled.convalidated THEN true END,
        'not_null_comment', obj_description(filled.oid, 'pg_constraint'),
        'storage', CASE WHEN a.attstorage <> t.typstorage THEN
          CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
        'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
        'options', (SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(a.attoptions)),
        'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum)
      FROM pg_attribute AS a
      JOIN pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      LEFT JOIN pg_constraint AS filled ON filled.conrelid = c.oid AND filled.contype = 'n' AND filled.conkey = ARRAY[a.attnum]
      LEFT JOIN LATERAL (
        -- of an identity column its own, of a serial one that which its default names; a column may own others
        SELECT
          owned.deptype = 'a' AS serial,
          jsonb_build_object(
            'name', sc.relname, 'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
            'min', s.seqmin, 'max', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle,
            'comment', obj_description(s.seqrelid, 'pg_class')) AS item
        FROM pg_depend AS owned
        JOIN pg_sequence AS s ON s.seqrelid = owned.objid
        JOIN pg_class AS sc ON sc.oid = s.seqrelid
        WHERE owned.classid = 'pg_class'::regclass AND owned.refclassid = 'pg_class'::regclass
          AND owned.refobjid = a.attrelid AND owned.refobjsubid = a.attnum
          AND (owned.deptype = 'i' OR owned.deptype = 'a' AND a.attidentity = ''
            AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', s.seqrelid::regclass))
      ) AS seq ON true
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END,
    'targets', (SELECT jsonb_object_agg(a.attname, a.attstattarget) FROM pg_attribute AS a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0),
    'constraints', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', k.conname, 'type', k.contype, 'definition', shape.definition,
        'after_self', CASE WHEN starts_with(shape.definition, shape.head || k.confrelid::regclass || '(')
          AND k.confrelid = executor_original
          THEN substr(shape.definition, length(shape.head || k.confrelid::regclass) + 1) END,
        'before_self', shape.head,
        'comment', obj_description(k.oid, 'pg_constraint')) ORDER BY k.oid)
      FROM pg_constraint AS k
      CROSS JOIN LATERAL (
        SELECT
          pg_get_constraintdef(k.oid) AS definition,
          CASE k.contype WHEN 'f' THEN format('FOREIGN KEY (%s) REFERENCES ', (
            SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY key.place)
            FROM unnest(k.conkey) WITH ORDINALITY AS key (attnum, place)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = key.attnum)) END AS head
      ) AS shape
      WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f') AND k.coninhcount = 0 AND k.conparentid = 0),
    'indexes', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', ic.relname,
        'unique', i.indisunique,
        'constraint', pg_get_constraintdef(k.oid),
        'body', ' ' || {% include 'tables/rest.sql' %},
        'attached_to', (SELECT p.relname FROM pg_inherits AS h JOIN pg_class AS p ON p.oid = h.inhparent
                        WHERE h.inhrelid = i.indexrelid AND tree.level > 0),
        'options', CASE WHEN k.oid IS NOT NULL THEN (
          SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(ic.reloptions)) END,
        'targets', (SELECT jsonb_object_agg(a.attnum, a.attstattarget) FROM pg_attribute AS a
                    WHERE a.attrelid = ic.oid AND a.attstattarget >= 0),
        'tablespace', (SELECT spcname FROM pg_tablespace AS s WHERE s.oid = ic.reltablespace),
        'clustered', CASE WHEN i.indisclustered THEN true END,
        'identity', CASE WHEN i.indisreplident THEN true END,
        'comment', obj_description(ic.oid, 'pg_class'),
        'constraint_comment', obj_description(k.oid, 'pg_constraint')) ORDER BY i.indexrelid)
      FROM pg_index AS i
      JOIN pg_class AS ic ON ic.oid = i.indexrelid
      LEFT JOIN pg_constraint AS k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
      CROSS JOIN LATERAL (
        SELECT pg_get_indexdef(i.indexrelid), format('CREATE %sINDEX %I ON %s%I.%I ',
          CASE WHEN i.indisunique THEN 'UNIQUE ' END, ic.relname, CASE c.relkind WHEN 'p' THEN 'ONLY ' END,
          (SELECT o.nspname FROM pg_namespace AS o WHERE o.oid = c.relnamespace), c.relname)
      ) AS shape (definition, head)
      WHERE i.indrelid = c.oid AND i.indisvalid),
    'statistics', (
      SELECT jsonb_agg(jsonb_build_object(
        'name', s.stxname,
        'schema', CASE WHEN s.stxnamespace <> c.relnamespace THEN n.nspname END,
        'body', {% include 'tables/rest_of_statistics.sql' %},
        'target', CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END,
        'comment', obj_description(s.oid, 'pg_statistic_ext')) ORDER BY s.oid)
      FROM pg_statistic_ext AS s
      JOIN pg_namespace AS n ON n.oid = s.stxnamespace
      WHERE s.stxrelid = c.oid)
  )) AS item
  FROM (
    SELECT executor_original AS relid, 0 AS level
    UNION
    SELECT relid, level FROM pg_partition_tree(executor_original)
  ) AS tree
  JOIN pg_class AS c ON c.oid = tree.relid
) AS relation)
