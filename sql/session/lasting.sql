-- A run outlasts what a role or a server allows: its sessions are idle while others work, and its
-- copies take long. Not behind a pooler, where this would reach other clients.
SELECT pg_catalog.set_config(name, '0', false)
FROM pg_catalog.pg_settings
WHERE name IN ('idle_session_timeout', 'transaction_timeout')
  AND pg_catalog.pg_backend_pid() = {{ backend_pid }};
