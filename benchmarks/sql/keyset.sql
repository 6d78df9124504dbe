-- As pgslice fills: batches of 10,000 ids, each its own transaction, with primary key, indexes and foreign
-- keys in place; then ANALYZE. pgslice partitions by time, where neighbouring ids share a partition; here the
-- rows of each batch go to all of them. No backup, no comparison.
{% with with_indexes = true %}
{% include 'target.sql' %}
{% endwith %}

DO $executor$
DECLARE
  start bigint := 0;
  last bigint := (SELECT max(id) FROM public.chunks);
BEGIN
  WHILE start < last LOOP
    INSERT INTO public.chunks_new
    SELECT c.*, abs(hashtext(c.collection_id::text) % 100) FROM public.chunks AS c
    WHERE id > start AND id <= start + 10000;
    start := start + 10000;
    COMMIT;
  END LOOP;
END
$executor$;
ANALYZE public.chunks_new;
