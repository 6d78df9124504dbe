{## Drops the triggers that did the work of foreign keys into the table, wherever they are by now, and their functions. On a table
    that belongs to somebody else by now they stay: they go on looking whether a row is there. -##}
{% from 'repartition/incoming_keys/enforcers.sql' import enforcers with context %}
{% if enforcers %}

-- The triggers that did the work of foreign keys into the table go before it leaves.
DO {% set body %}

DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT t.tgname, t.tgrelid::regclass AS relation FROM pg_trigger AS t
    WHERE t.tgparentid = 0 AND t.tgfoid IN ({% for enforcer in enforcers %}to_regprocedure({{ (enforcer.checks ~ '()') | literal }}), to_regprocedure({{ (enforcer.keeps ~ '()') | literal }}){% if not loop.last %}, {% endif %}{% endfor %})
    ORDER BY t.tgrelid, t.tgname
  LOOP
    BEGIN
      EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, item.relation);
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE WARNING 'the trigger % on % stays, and looks whether what a row refers to is there: the table belongs to somebody else', item.tgname, item.relation;
    END;
  END LOOP;
{% for enforcer in enforcers %}
{% for function in [enforcer.checks, enforcer.keeps] %}
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = to_regprocedure({{ (function ~ '()') | literal }})) THEN
    DROP FUNCTION IF EXISTS {{ function | ident }}();
  END IF;
{% endfor %}
{% endfor %}
END
{% endset %}{{ body | dollar_quoted }};
{% endif %}
