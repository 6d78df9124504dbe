-- Takes the bound away, so that rows beyond it are let in again.
-- Lock: ACCESS EXCLUSIVE on the table, for an instant, waited for no longer than lock_timeout.
ALTER TABLE {{ source | ident }} DROP CONSTRAINT IF EXISTS executor_bound;
