{## Notes where the sequences of the table `defined` are, as sequences.sql says: a block of PL/pgSQL from its DECLARE on. -##}
  item record;
  place jsonb;
  places jsonb := '{}';
BEGIN
  FOR item IN
    SELECT c.oid AS sequence, coalesce(live.sequence, c.oid) AS asked
    FROM pg_depend AS d
    JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'S'
    LEFT JOIN LATERAL (
      SELECT here.objid AS sequence
      FROM pg_attribute AS own
      JOIN pg_attribute AS a ON a.attrelid = to_regclass({{ source | literal }}) AND a.attname = own.attname
      JOIN pg_depend AS here ON here.classid = 'pg_class'::regclass AND here.refclassid = 'pg_class'::regclass
        AND here.refobjid = a.attrelid AND here.refobjsubid = a.attnum AND here.deptype = 'i'
      WHERE own.attrelid = d.refobjid AND own.attnum = d.refobjsubid AND d.deptype = 'i'
        AND EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = d.refobjid AND t.tgname = 'executor_guard')
    ) AS live ON true
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = defined AND d.deptype IN ('a', 'i')
      AND has_table_privilege(coalesce(live.sequence, c.oid), 'SELECT')
  LOOP
    EXECUTE format('SELECT jsonb_build_array(last_value, is_called, seqcycle) FROM %s, pg_sequence WHERE seqrelid = %s',
      item.asked::regclass, item.asked) INTO place;
    places := places || jsonb_build_object(item.sequence::text, place);
  END LOOP;
  PERFORM set_config('executor.sequences', places::text, true);
END
