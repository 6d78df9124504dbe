
-- Ids go on where they are; the exchange of names has locked the sequences, so nobody draws from one that
-- has been read. That of an identity column becomes what the other one is now, its last value too, be that the
-- end of its range. ALTER SEQUENCE gives it a new file, so setval() is undone with the transaction, which it is not
-- by itself, and no session goes on with values that it has cached. It is never put back behind an id that it
-- has given. The one that leaves is put to its end: nextval() asks for a sequence before it waits for the lock of
-- this, and would go on there with ids that the other one gives. The sequence of a serial column changes its owner.
DO $executor$
DECLARE
  item record;
  here record;
  there record;
BEGIN
  FOR item IN
    SELECT pair.leaving::regclass AS leaving, pair.arriving::regclass AS arriving, s.*
    FROM pg_temp.swap_pairs AS pair
    JOIN pg_sequence AS s ON s.seqrelid = pair.leaving
    WHERE pair.kind = 'SEQUENCE'
  LOOP
    EXECUTE format('SELECT last_value, is_called FROM %s', item.leaving) INTO here;
    EXECUTE format('SELECT last_value, is_called FROM %s', item.arriving) INTO there;
    EXECUTE format('ALTER SEQUENCE %s AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s RESTART',
      item.arriving, item.seqtypid::regtype, item.seqincrement, item.seqmin, item.seqmax, item.seqstart, item.seqcache,
      CASE WHEN item.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END);
    IF {% if back %}false{% else %}there.is_called{% endif %} AND NOT item.seqcycle AND (CASE WHEN item.seqincrement > 0
      THEN there.last_value BETWEEN here.last_value AND item.seqmax
      ELSE there.last_value BETWEEN item.seqmin AND here.last_value END)
    THEN
      here := there;
    END IF;
    PERFORM setval(item.arriving, here.last_value, here.is_called);
    EXECUTE format('ALTER SEQUENCE %s NO CYCLE RESTART', item.leaving);
    PERFORM setval(item.leaving, CASE WHEN item.seqincrement > 0 THEN item.seqmax ELSE item.seqmin END);
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
