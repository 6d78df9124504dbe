-- Brings the old table in step with the table in use, by the log for the way back, and proves that both are
-- equal but for what is written meanwhile: every column of every row, in one snapshot.
{% with left = source, right = old %}
{% include 'assertions/fragments/steady.sql' %}
{% endwith %}
DO $executor$
DECLARE
  hash text := {% include 'chunks/swap_hash.sql' %};
  content text := 'SELECT count(*) AS rows, sum(%s) AS digest FROM (SELECT r.* FROM %s AS r NATURAL LEFT JOIN '
    '(SELECT DISTINCT *, true AS executor_logged FROM %s) AS logged WHERE executor_logged IS NULL) AS r';
  here record;
  there record;
BEGIN
  PERFORM {{ sync | ident }}();  -- before the old table has its foreign keys again
  EXECUTE format(content, hash, {{ source | literal }}, {{ back_log | literal }}) INTO here;
  EXECUTE format(content, hash, {{ old | literal }}, {{ back_log | literal }}) INTO there;
  IF here IS DISTINCT FROM there THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s (%s rows) and %s (%s rows) differ in more than what was logged since the swap',
                       {{ source | string | literal }}, here.rows, {{ old | string | literal }}, there.rows),
      HINT = 'Nothing was changed. Something has written to the old table; executor verify says where.';
  END IF;
END
$executor$;

DO $executor$
BEGIN
{% with log = back_log %}
  EXECUTE format('COMMENT ON FUNCTION %s() IS %L', {{ log | literal }}, {% include 'chunks/fingerprint.sql' %});
{% endwith %}
END
$executor$;
