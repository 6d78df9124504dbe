-- Check collections are intact
SELECT count(DISTINCT collection_id) AS collections FROM public.chunks;
