-- So that the next measurement does not write what is left of this one. Left out for a role that may not.
DO $executor$
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    -- from PostgreSQL 15 on
    OR EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE'))
  THEN
    EXECUTE 'CHECKPOINT';
  END IF;
END
$executor$;
