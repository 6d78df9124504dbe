-- The server: its major version, as server_version_num has it (180000).
SELECT current_setting('server_version_num')::int / 10000 * 10000 AS version
