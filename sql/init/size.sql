-- A size in bytes, as PostgreSQL reads it.
SELECT pg_size_bytes({{ size | literal }})
