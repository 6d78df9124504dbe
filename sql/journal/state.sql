-- Is the journal there, and of which version? A schema of that name without our table is somebody else's.
SELECT
  to_regnamespace('executor') IS NOT NULL AS schema_exists,
  to_regclass('executor.version') IS NOT NULL AS installed;
