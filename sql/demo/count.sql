-- Check total record count
SELECT count(*) AS rows FROM public.chunks;
