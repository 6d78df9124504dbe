
-- The exchange of names. Partitions and their indexes keep theirs, so it takes the same few
-- milliseconds whatever their number.
DO $executor$
DECLARE
  publication text;
  pair record;
BEGIN
  FOR publication IN SELECT pubname FROM pg_temp.swap_publications LOOP
    EXECUTE format('ALTER PUBLICATION %I DROP TABLE %s', publication, {{ source | literal }}::regclass);
  END LOOP;
  FOR pair IN
    SELECT p.*, c.relnamespace::regnamespace AS schema
    FROM pg_temp.swap_pairs AS p
    JOIN pg_class AS c ON c.oid = p.arriving
  LOOP
    IF pair.leaving IS NOT NULL THEN
      EXECUTE format('ALTER %s %s RENAME TO %I', pair.kind, pair.leaving::regclass, pair.kept);
    END IF;
    IF to_regclass(format('%s.%I', pair.schema, pair.name)) IS NULL THEN
      EXECUTE format('ALTER %s %s RENAME TO %I', pair.kind, pair.arriving::regclass, pair.name);
    END IF;
  END LOOP;
  FOR pair IN
    SELECT p.*, here.stxnamespace::regnamespace AS schema, there.stxname AS arriving_name
    FROM pg_temp.swap_pairs AS p
    JOIN pg_statistic_ext AS here ON here.oid = p.leaving
    JOIN pg_statistic_ext AS there ON there.oid = p.arriving
    WHERE p.kind = 'STATISTICS'
  LOOP
    EXECUTE format('ALTER STATISTICS %s.%I RENAME TO %I', pair.schema, pair.name, pair.kept);
    EXECUTE format('ALTER STATISTICS %s.%I RENAME TO %I', pair.schema, pair.arriving_name, pair.name);
  END LOOP;
END
$executor$;
