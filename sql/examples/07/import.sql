-- From the table of an earlier version.
INSERT INTO example_07.settings SELECT name, value FROM public.old_settings;
