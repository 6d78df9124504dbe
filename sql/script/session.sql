-- Only this script has it: judges the findings of an assertion, as the executor does.
CREATE OR REPLACE FUNCTION pg_temp.executor_assert(
  claim text, findings json, failed_stops boolean DEFAULT true, unknown_stops boolean DEFAULT true)
RETURNS text LANGUAGE plpgsql AS $function$
DECLARE
  checked bigint;
  failed text;
  unknown text;
BEGIN
  SELECT
    count(*),
    string_agg(format(E'\n  %s: expected %s, found %s', subject, expected, actual), '') FILTER (WHERE NOT passed),
    string_agg(format(E'\n  %s: expected %s, not known: %s', subject, expected, actual), '') FILTER (WHERE passed IS NULL)
  INTO checked, failed, unknown
  FROM json_to_recordset(findings) AS finding (subject text, expected text, actual text, passed boolean);
  IF checked = 0 THEN
    failed := E'\n  no finding was returned';
  END IF;
  IF failed_stops AND failed IS NOT NULL OR unknown_stops AND unknown IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = concat(rtrim(claim, '.'), ': does not hold', failed, unknown);
  ELSIF concat(failed, unknown) <> '' THEN
    RAISE WARNING USING MESSAGE = concat(rtrim(claim, '.'), ': does not hold', failed, unknown);
    RETURN format('warned; findings: %s', checked);
  END IF;
  RETURN format('holds; findings: %s', checked);
END
$function$;

-- Only this script has it: repeats a step in transactions of its own until a condition holds.
CREATE OR REPLACE PROCEDURE pg_temp.executor_repeat(
  step text, until text, pass text, at_most integer, isolation text DEFAULT 'read committed')
LANGUAGE plpgsql AS $procedure$
DECLARE
  done boolean;
BEGIN
  PERFORM set_config('default_transaction_isolation', isolation, false);
  FOR number IN 0 .. at_most LOOP
    EXECUTE until INTO done;
    EXIT WHEN done;
    IF number = at_most THEN
      RAISE EXCEPTION USING MESSAGE = format('step %s: not done after %s passes', step, at_most);
    END IF;
    COMMIT;
    EXECUTE pass;
    COMMIT;
  END LOOP;
  PERFORM set_config('default_transaction_isolation', 'read committed', false);
END
$procedure$;
