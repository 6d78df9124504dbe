-- The database: what it and its server are known by, who owns it, how it sorts, and who has rights on it.
SELECT
  d.datname::text AS name,
  (SELECT system_identifier FROM pg_control_system())::text AS server,
  pg_get_userbyid(d.datdba)::text AS owner,
  pg_encoding_to_char(d.encoding)::text AS encoding,
  d.datcollate::text AS collate,
  d.datctype::text AS ctype,
  current_setting('server_version') AS version,
  current_setting('server_version_num')::integer AS version_number,
  pg_size_bytes(current_setting('max_wal_size')) / 1024 / 1024 AS max_wal_megabytes,
  -- who may make schemas there; to connect is allowed to all on a server of our own
  ARRAY(
    SELECT r.rolname::text FROM aclexplode(d.datacl) AS a JOIN pg_roles AS r ON r.oid = a.grantee
    WHERE a.privilege_type = 'CREATE' ORDER BY 1) AS makers
FROM pg_database AS d
WHERE d.datname = current_database()
