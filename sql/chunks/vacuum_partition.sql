-- Freezes the rows and sets the visibility map, so that neither an anti-wraparound storm nor slow
-- index-only scans follow the swap. Then the statistics, where the step after this need not collect those
-- of all partitions in turn.
{% from 'chunks/partition.sql' import partition with context %}
VACUUM (FREEZE) {{ partition | ident }};

DO $executor$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ANALYZE {{ partition | ident }};
  END IF;
END
$executor$;
