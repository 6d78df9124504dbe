-- The journal's version.
SELECT max(version) AS version FROM executor.version;
