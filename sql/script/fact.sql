-- Only this script has it: what the catalog says, as the plan asks for it by name. Planned once, not under a lock.
CREATE OR REPLACE FUNCTION pg_temp.executor_fact(text)
RETURNS jsonb LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS ${{ tag }}$
BEGIN
  RETURN CASE $1
{% for fact in asked %}
  WHEN {{ fact.name | literal }} THEN (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM (
{{ fact.sql }}
  ) AS f)
{% endfor %}
  END;
END
${{ tag }}$;

-- Only this script has it: raises unless facts are what they were, each known by its digest.
CREATE OR REPLACE PROCEDURE pg_temp.executor_recheck(since text, digests jsonb)
LANGUAGE plpgsql AS $procedure$
DECLARE
  changed text;
BEGIN
  SELECT string_agg(key, ', ') INTO changed
  FROM jsonb_each_text(digests)
  WHERE encode(sha256(convert_to(pg_temp.executor_fact(key)::text, 'UTF8')), 'hex') IS DISTINCT FROM value;
  IF changed IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = format('the table is not what it was when %s; changed: %s', since, changed);
  END IF;
END
$procedure$;
