-- In the manner of pg_partman's procedure: rows are deleted from the table and inserted by one statement, in
-- batches, each its own transaction, with indexes and foreign keys in place; then VACUUM and ANALYZE. Here they
-- are inserted into the partitioned table, which routes each row; pg_partman inserts straight into one child,
-- goes through a temporary table when it empties a default partition that is in use, and may wait between
-- batches. Its batches are intervals of the control column; here they are 10,000 ids. No backup, no comparison.
{% with with_indexes = true %}
{% include 'target.sql' %}
{% endwith %}

DO $executor$
DECLARE
  start bigint := 0;
  last bigint := (SELECT max(id) FROM public.chunks);
BEGIN
  WHILE start < last LOOP
    WITH moved AS (
      DELETE FROM public.chunks WHERE id > start AND id <= start + 10000 RETURNING *
    )
    INSERT INTO public.chunks_new
    SELECT m.*, abs(hashtext(m.collection_id::text) % 100) FROM moved AS m;
    start := start + 10000;
    COMMIT;
  END LOOP;
END
$executor$;
VACUUM public.chunks;
ANALYZE public.chunks_new;
