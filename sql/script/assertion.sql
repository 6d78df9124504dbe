{## An assertion in a printed script: raises unless there is a finding and every one passed. ##}
DO ${{ tag }}$
#variable_conflict use_column
DECLARE
  finding record;
  checked bigint := 0;
  failed text := '';
BEGIN
  FOR finding IN
{{ query }}
  LOOP
    checked := checked + 1;
    IF finding.passed IS NOT TRUE THEN
      failed := failed || format(E'\n  %s: expected %s, found %s',
                                 finding.subject, finding.expected, finding.actual);
    END IF;
  END LOOP;
  IF checked = 0 THEN
    failed := E'\n  no finding was returned';
  END IF;
  IF failed <> '' THEN
    RAISE {{ level }} USING MESSAGE = {{ title | literal }} || failed;
  END IF;
END
${{ tag }}$;
