-- Whether this database holds the demo's tables already.
SELECT to_regclass('public.collections') IS NOT NULL;
