{## An assertion in a printed script: raises unless there is a finding and every one passed. ##}
DO ${{ tag }}$
#variable_conflict use_column
DECLARE
  finding record;
  checked bigint := 0;
  failed text := '';
  unknown text := '';
BEGIN
  FOR finding IN
{{ query }}
  LOOP
    checked := checked + 1;
    IF finding.passed IS NULL THEN
      unknown := unknown || format(E'\n  %s: expected %s, not known: %s',
                                   finding.subject, finding.expected, finding.actual);
    ELSIF NOT finding.passed THEN
      failed := failed || format(E'\n  %s: expected %s, found %s',
                                 finding.subject, finding.expected, finding.actual);
    END IF;
  END LOOP;
  IF checked = 0 THEN
    failed := E'\n  no finding was returned';
  END IF;
{% if failed_stops or unknown_stops %}
  IF {% if failed_stops %}failed{% else %}''{% endif %} || {% if unknown_stops %}unknown{% else %}''{% endif %} <> '' THEN
    RAISE EXCEPTION USING MESSAGE = {{ title | literal }} || failed || unknown;
  END IF;
{% endif %}
{% if not (failed_stops and unknown_stops) %}
  IF failed || unknown <> '' THEN
    RAISE WARNING USING MESSAGE = {{ title | literal }} || failed || unknown;
  END IF;
{% endif %}
END
${{ tag }}$;
