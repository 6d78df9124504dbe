-- There are none in a new database, so the step is skipped.
SELECT to_regclass('public.old_settings') IS NOT NULL
