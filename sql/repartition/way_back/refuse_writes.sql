{## Makes the function `refusing`, for triggers that keep writers out of a table that was replaced. Its name is met
    again by nobody who looks for the table's; but the body of an SQL function (BEGIN ATOMIC) is bound to the table
    itself: one that has waited for the lock of the swap, or that has begun before it, would write where nobody reads.
    It may try again. So may a trigger of another table that names a partition, which is refused whoever calls. Let
    through are foreign keys at work, which are told by how PostgreSQL writes their statements, and what says the
    table's own new name, such as the passes of the way back. -##}
CREATE {% if replaces | default(false) %}OR REPLACE {% endif %}FUNCTION {{ refusing | ident }}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $executor$
DECLARE
  stack text;
  caller text;
  part boolean := (SELECT relispartition FROM pg_class WHERE oid = TG_RELID);
BEGIN
  GET DIAGNOSTICS stack = PG_CONTEXT;
  caller := nullif(substr(stack, strpos(stack || chr(10), chr(10)) + 1), '');
  IF caller ~ '^[^\n]*\$[0-9]+[^\n]* OPERATOR\('
    OR NOT part AND (caller IS NULL OR strpos(caller, replace(TG_TABLE_NAME, '"', '""')) > 0 OR strpos(caller, {{ old.name | ident | literal }}) > 0)
  THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = CASE WHEN part THEN 'raise_exception' ELSE 'serialization_failure' END,
    MESSAGE = format('%s belongs to a table that was replaced and is kept for the way back', TG_RELID::regclass),
    HINT = {{ ('Write to ' ~ source ~ ' instead.') | literal }};
END
$executor$;
