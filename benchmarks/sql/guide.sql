-- The way of common guides: a backup and its count, batches of 10,000 rows by LIMIT and OFFSET in the order of the
-- primary key, each its own transaction, then the indexes and the count.
CREATE TABLE public.chunks_backup AS TABLE public.chunks;
SELECT (SELECT count(*) FROM public.chunks) = (SELECT count(*) FROM public.chunks_backup);
{% with with_indexes = false %}
{% include 'target.sql' %}
{% endwith %}

DO $executor$
DECLARE
  start bigint := 0;
  copied bigint;
BEGIN
  LOOP
    INSERT INTO public.chunks_new
    SELECT c.*, abs(hashtext(c.collection_id::text) % 100) FROM public.chunks AS c
    ORDER BY id LIMIT 10000 OFFSET start;
    GET DIAGNOSTICS copied = ROW_COUNT;
    EXIT WHEN copied = 0;
    start := start + copied;
    COMMIT;
  END LOOP;
END
$executor$;
{% include 'indexes.sql' %}

SELECT (SELECT count(*) FROM public.chunks) = (SELECT count(*) FROM public.chunks_new);
ANALYZE public.chunks_new;
