
-- Ids go on where they are; the exchange of names has locked the sequences, so nobody draws from one that
-- has been read. A sequence of an identity column is set, never back, by ALTER TABLE,
-- which unlike setval() is undone with the transaction; that of a serial column changes its owner.
DO $executor$
DECLARE
  item record;
  here record;
  there record;
  next bigint;
BEGIN
  FOR item IN
    SELECT pair.leaving::regclass AS leaving, pair.arriving::regclass AS arriving, s.seqincrement, a.attname
    FROM pg_temp.swap_pairs AS pair
    JOIN pg_sequence AS s ON s.seqrelid = pair.leaving
    JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = pair.leaving AND d.deptype = 'i'
    JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE pair.kind = 'SEQUENCE'
  LOOP
    EXECUTE format('SELECT last_value, is_called FROM %s', item.leaving) INTO here;
    EXECUTE format('SELECT last_value, is_called FROM %s', item.arriving) INTO there;
    here.last_value := here.last_value + CASE WHEN here.is_called THEN item.seqincrement ELSE 0 END;
    there.last_value := there.last_value + CASE WHEN there.is_called THEN item.seqincrement ELSE 0 END;
    next := CASE WHEN item.seqincrement > 0 THEN greatest(here.last_value, there.last_value)
                 ELSE least(here.last_value, there.last_value) END;
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I RESTART WITH %s', {{ source | literal }}::regclass, item.attname, next);
  END LOOP;
END
$executor$;

DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT d.objid::regclass AS sequence, a.attname
    FROM pg_depend AS d
    JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'S'
    JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = {{ leaving | literal }}::regclass AND d.deptype = 'a'
  LOOP
    EXECUTE format('ALTER SEQUENCE %s OWNED BY %s.%I', item.sequence, {{ source | literal }}::regclass, item.attname);
  END LOOP;
END
$executor$;
