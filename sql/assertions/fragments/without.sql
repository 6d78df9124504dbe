{## Rows can be left out by the keys in `without` only if both tables have all its columns. ##}
{% if without is not none %}
DO $executor$
DECLARE
  missing text;
BEGIN
  SELECT string_agg(format('%s has no column %I', compared::regclass, k.attname), ', ') INTO missing
  FROM unnest(ARRAY[{{ left | name | literal }}, {{ right | name | literal }}]) AS compared
  JOIN pg_attribute AS k
    ON k.attrelid = {{ without | name | literal }}::regclass AND k.attnum > 0 AND NOT k.attisdropped
  WHERE NOT EXISTS (
    SELECT FROM pg_attribute AS a
    WHERE a.attrelid = compared::regclass AND a.attname = k.attname AND NOT a.attisdropped);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('no row can be left out by the keys in %s: %s', {{ without | name | literal }}::regclass, missing);
  END IF;
END
$executor$;

{% endif %}
