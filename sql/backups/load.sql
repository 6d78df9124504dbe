-- Copies the rows of a backup into a new table; generated columns are computed anew.
DO $executor$
DECLARE
  columns text := (
    SELECT string_agg(quote_ident(c ->> 'name'), ', ' ORDER BY place)
    FROM jsonb_array_elements({{ definition | literal }}::jsonb -> 'relations' -> 0 -> 'columns') WITH ORDINALITY AS given (c, place)
    WHERE NOT c ? 'generated');
BEGIN
  EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s',
    {{ target | literal }}, columns, columns, {{ backup | literal }}::regclass);
END
$executor$;
