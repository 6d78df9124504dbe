{## Facts in a printed script: raises unless each is what it was, known by its digest. ##}
DO ${{ tag }}$
DECLARE
  changed text;
BEGIN
  SELECT string_agg(asked.fact, ', ') INTO changed
  FROM (
{{ questions }}
  ) AS asked
  LEFT JOIN (VALUES
{% for fact in known %}
    ({{ fact.name | literal }}, {{ fact.digest | literal }}){% if not loop.last %},{% endif %}

{% endfor %}
  ) AS known (fact, digest) ON known.fact = asked.fact
  WHERE encode(sha256(convert_to(asked.rows::text, 'UTF8')), 'hex') IS DISTINCT FROM known.digest;
  IF changed IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = {{ title | literal }} || changed;
  END IF;
END
${{ tag }}$;
