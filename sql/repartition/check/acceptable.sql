{## All that hangs on the table, under its name, the new one's or the old one's: the bare name, and the identity
    by which PostgreSQL tells it apart from all others. What else may be accepted has no bare name here. A SELECT
    without its semicolon. -##}
    WITH tree AS (
      SELECT t.relid AS oid
      FROM unnest(ARRAY[to_regclass({{ source | literal }}), to_regclass({{ target | literal }}),
                        to_regclass({{ old | literal }})]) AS root (oid)
      CROSS JOIN LATERAL (SELECT root.oid UNION SELECT relid FROM pg_partition_tree(root.oid)) AS t (relid)
      WHERE root.oid IS NOT NULL
    ), row_type AS (
      SELECT c.reltype AS oid FROM tree JOIN pg_class AS c USING (oid)
      UNION SELECT t.typarray FROM tree JOIN pg_class AS c USING (oid) JOIN pg_type AS t ON t.oid = c.reltype
    ), part (name, classid, objid, objsubid) AS (
      SELECT conname, 'pg_constraint'::regclass::oid, oid, 0 FROM pg_constraint
      WHERE (conrelid IN (SELECT oid FROM tree) OR confrelid IN (SELECT oid FROM tree)) AND conparentid = 0
      UNION ALL
      SELECT tgname, 'pg_trigger'::regclass, oid, 0 FROM pg_trigger
      WHERE tgrelid IN (SELECT oid FROM tree) AND NOT tgisinternal AND tgparentid = 0
      UNION ALL
      SELECT rulename, 'pg_rewrite'::regclass, oid, 0 FROM pg_rewrite
      WHERE ev_class IN (SELECT oid FROM tree) AND rulename <> '_RETURN'
      UNION ALL
      SELECT polname, 'pg_policy'::regclass, oid, 0 FROM pg_policy WHERE polrelid IN (SELECT oid FROM tree)
      UNION ALL
      -- that of a constraint has its name, which means the constraint
      SELECT CASE WHEN NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid AND conrelid = i.indrelid AND contype <> 'f') THEN c.relname END,
        'pg_class'::regclass, c.oid, 0
      FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
      WHERE i.indrelid IN (SELECT oid FROM tree)
        AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = i.indexrelid)
      UNION ALL
      SELECT c.relname, 'pg_class'::regclass, c.oid, 0
      FROM pg_depend AS d
      JOIN pg_rewrite AS r ON r.oid = d.objid
      JOIN pg_class AS c ON c.oid = r.ev_class AND c.relkind IN ('v', 'm')
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
        AND d.refobjid IN (SELECT oid FROM tree)
      UNION ALL
      SELECT NULL, k.classid, k.objid, 0 FROM (
{% include 'facts/fragments/bound_to_key.sql' %}
      ) AS k WHERE k.view IS NULL
      UNION ALL
      SELECT coalesce(p.proname, a.attname, c.relname, t.typname), d.classid, d.objid, d.objsubid
      FROM pg_depend AS d
      LEFT JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
      LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
      LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
      LEFT JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
      WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid IN (SELECT oid FROM row_type)
        AND d.deptype IN ('n', 'a') AND d.classid IN ('pg_proc'::regclass, 'pg_class'::regclass, 'pg_type'::regclass)
      UNION ALL
      SELECT NULL, 'pg_publication_rel'::regclass, oid, 0 FROM pg_publication_rel WHERE prrelid IN (SELECT oid FROM tree)
      UNION ALL
      -- what a check may find by other ways has to be named in whole
      SELECT NULL, 'pg_proc'::regclass, oid, 0 FROM pg_proc WHERE oid >= 16384
      UNION ALL
      SELECT NULL, 'pg_class'::regclass, oid, 0 FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f')
      UNION ALL
      SELECT NULL, 'pg_event_trigger'::regclass, oid, 0 FROM pg_event_trigger
    )
    SELECT part.name::text, object.identity
    FROM part, pg_identify_object(part.classid, part.objid, part.objsubid) AS object
    UNION ALL
    -- what a trigger does when a row moves is accepted by a name of its own: the trigger comes along
    SELECT NULL, 'moved rows: ' || (pg_identify_object('pg_trigger'::regclass, t.oid, 0)).identity
    FROM tree JOIN pg_trigger AS t ON t.tgrelid = tree.oid AND NOT t.tgisinternal AND t.tgparentid = 0
    UNION ALL
    -- and so is that a publication stays as it is
    SELECT NULL, 'publication ' || quote_ident(pubname) FROM pg_publication
    UNION ALL
    -- or that a tool no longer finds what it manages
    SELECT NULL, 'manager ' || tool
    FROM (
      SELECT extname::text FROM pg_extension
      UNION ALL SELECT unnest(ARRAY['pg_partman', 'pg_squeeze', 'pglogical'])
      UNION ALL SELECT tgfoid::regproc::text FROM pg_trigger WHERE tgisinternal AND tgconstraint = 0
    ) AS known (tool)
