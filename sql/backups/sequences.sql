{## Where the sequences of `relation` are, for definition.sql: pg_sequence_last_value() does not know one that
    was set and not yet drawn from. -##}
DO $executor$
DECLARE
  sequence regclass;
  place jsonb;
  places jsonb := '{}';
BEGIN
  FOR sequence IN
    SELECT c.oid FROM pg_depend AS d JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'S'
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = {{ relation | literal }}::regclass AND d.deptype IN ('a', 'i')
      AND has_table_privilege(c.oid, 'SELECT')
  LOOP
    EXECUTE format('SELECT jsonb_build_array(last_value, is_called) FROM %s', sequence) INTO place;
    places := places || jsonb_build_object(sequence::oid::text, place);
  END LOOP;
  PERFORM set_config('executor.sequences', places::text, true);
END
$executor$;
