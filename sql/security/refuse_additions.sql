{## What something else has added to the table `made` and its partitions while they were made, as an event
    trigger does: it would act on rows that the application has written once already. What the table `like_table` has,
    too, is taken away again, and comes along at the swap; all else is named and refused, but for columns that are `wanted`. Before there are indexes. A
    block of PL/pgSQL from its DECLARE on. -##}
{% from 'layout/own.sql' import own with context %}
  added text;
  item record;
BEGIN
  FOR time IN 1..2 LOOP
    added := NULL;
    FOR item IN
      WITH tree AS (
        SELECT c.*, c.oid::regclass AS name, own.relrowsecurity AS own_security, own.relforcerowsecurity AS own_force
        FROM pg_class AS c
        JOIN pg_class AS own ON own.oid = like_table
        WHERE c.oid = made OR c.oid IN (SELECT relid FROM pg_partition_tree(made))
      )
      SELECT format('trigger %I on %s', t.tgname, name) AS what, format('DROP TRIGGER %I ON %s', t.tgname, name) AS undo,
        EXISTS (SELECT FROM pg_trigger AS own WHERE own.tgrelid = like_table AND own.tgname = t.tgname AND own.tgfoid = t.tgfoid) AS is_own
      FROM tree JOIN pg_trigger AS t ON t.tgrelid = tree.oid AND NOT t.tgisinternal AND t.tgparentid = 0
      UNION ALL
      SELECT format('rule %I on %s', r.rulename, name), format('DROP RULE %I ON %s', r.rulename, name),
        EXISTS (SELECT FROM pg_rewrite AS own WHERE own.ev_class = like_table AND own.rulename = r.rulename)
      FROM tree JOIN pg_rewrite AS r ON r.ev_class = tree.oid
      UNION ALL
      SELECT format('policy %I on %s', p.polname, name), format('DROP POLICY %I ON %s', p.polname, name),
        EXISTS (SELECT FROM pg_policy AS own WHERE own.polrelid = like_table AND own.polname = p.polname)
      FROM tree JOIN pg_policy AS p ON p.polrelid = tree.oid
      UNION ALL
      SELECT format('row level security of %s', name),
        format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', name),
        relrowsecurity <= own_security AND relforcerowsecurity <= own_force
      FROM tree WHERE relrowsecurity OR relforcerowsecurity
      UNION ALL
      SELECT format('%s in the publication %I', name, p.pubname), format('ALTER PUBLICATION %I DROP TABLE %s', p.pubname, name),
        EXISTS (SELECT FROM pg_publication_rel AS own WHERE own.prrelid = like_table AND own.prpubid = p.oid)
      FROM tree JOIN pg_publication_rel AS r ON r.prrelid = tree.oid JOIN pg_publication AS p ON p.oid = r.prpubid
      UNION ALL
      SELECT format('column %I of %s', a.attname, name), NULL, false
      FROM tree JOIN pg_attribute AS a ON a.attrelid = tree.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE a.attname <> {{ own.column | literal }} AND a.attname <> ALL (wanted)
        AND NOT EXISTS (SELECT FROM pg_attribute AS own WHERE own.attrelid = like_table AND own.attname = a.attname)
      UNION ALL
      SELECT format('constraint %I of %s', c.conname, name), NULL, false
      FROM tree JOIN pg_constraint AS c ON c.conrelid = tree.oid AND c.contype IN ('c', 'f') AND c.coninhcount = 0 AND c.conparentid = 0
      WHERE c.conname <> {{ own.check | literal }}
        AND NOT EXISTS (SELECT FROM pg_constraint AS own WHERE own.conrelid = like_table AND own.conname = c.conname)
      UNION ALL
      SELECT format('index %s', i.indexrelid::regclass), NULL, false
      FROM tree JOIN pg_index AS i ON i.indrelid = tree.oid
      ORDER BY what
    LOOP
      IF item.is_own AND time = 1 THEN
        EXECUTE item.undo;
      ELSE
        added := concat_ws(', ', added, item.what);
      END IF;
    END LOOP;
    IF added IS NOT NULL THEN
      RAISE EXCEPTION USING
        MESSAGE = format('something else has added to %s what %s has not: %s', made, like_table, added),
        HINT = coalesce((
          SELECT format('Is it one of the event triggers here (%s)? Let it leave such a table alone, or disable it while the plan runs',
                        string_agg(quote_ident(evtname), ', ' ORDER BY evtname))
          FROM pg_event_trigger WHERE evtenabled <> 'D' HAVING count(*) > 0), 'Let it leave such a table alone')
          || '. Or give the table the same.';
    END IF;
  END LOOP;
END
