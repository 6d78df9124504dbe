{## The last passes before the lock, those who would be in the way of it, and the lock; both ways. -##}
{% include 'repartition/swap/left_behind.sql' %}
{% include 'repartition/swap/await_sessions.sql' %}

-- What is asked under the lock is planned before it, and what the changes above have made obsolete anew.
DO $executor$
BEGIN
  PERFORM pg_temp.executor_left_behind();
  PERFORM {{ sync | ident }}(false, 0, 1);
END
$executor$;
SET LOCAL statement_timeout = {{ max_lock | literal }};

-- What was written since the last pass is applied now, and what is written during that in a second one, so
-- that little is left for the lock. Whoever waits for a referenced table waits no longer than max_lock for each of these.
DO $executor$
BEGIN
{% include 'repartition/swap/few_rows_left.sql' %}
  FOR time IN 1..2 LOOP
    BEGIN
      PERFORM {{ sync | ident }}(true, 0, 1);
    EXCEPTION WHEN SQLSTATE 'EX002' OR serialization_failure THEN
      EXIT;  -- what is in the way now will not be under the lock
    END;
  END LOOP;
END
$executor$;
{% if old_snapshots == 'wait' %}

-- A transaction that has its snapshot already would not see what is applied later, once it comes to read this table.
DO $executor$
DECLARE
  holder text;
BEGIN
  SELECT string_agg({% include 'repartition/log/session_named.sql' %}, ', ') INTO holder
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
    AND (state LIKE 'idle in transaction%' OR state = 'disabled' OR backend_type IS NULL AND usesysid IS NOT NULL);
  IF holder IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002', MESSAGE = 'a transaction holds a snapshot from before the swap: ' || holder,
      HINT = 'It is REPEATABLE READ or SERIALIZABLE, or has a cursor open. Or --var old_snapshots=allow';
  END IF;
END
$executor$;
{% endif %}

-- Temporary views and the like can be bound to the other table by their sessions alone.
CALL pg_temp.executor_await_sessions();

-- One waiting time for all tables together, and one for each view before; lock_timeout alone would count anew for each table.
SET LOCAL statement_timeout = {{ settings.lock_timeout | literal }};

-- Views first, from the outside in, as their readers lock them. An owner that stays the same changes
-- nothing, but takes the lock; LOCK TABLE would lock every other table of the view, too.
{% for reader in said.readers if reader.view_sql is not none %}
ALTER {% if reader.kind == 'materialized view' %}MATERIALIZED {% endif %}VIEW {{ reader.view_sql }} OWNER TO {{ reader.owner_sql }};
{% endfor %}
{% set referring = said.incoming_keys | rejectattr('of_itself') | map(attribute='relation_sql') | unique | list %}
{% if back %}
{% for key in facts.incoming_keys if not key.kept and not key.of_itself and key.relation_sql not in referring %}
DO {% set body %}

BEGIN
  IF to_regclass({{ key.relation | literal }}) IS NOT NULL THEN
    LOCK TABLE {{ key.relation_sql }} IN {% if key.by_trigger %}ACCESS EXCLUSIVE{% else %}SHARE ROW EXCLUSIVE{% endif %} MODE;
  END IF;
EXCEPTION WHEN syntax_error_or_access_rule_violation THEN
  NULL;  -- it is gone, and so is its key
END
{% endset %}{{ body | dollar_quoted }};
{% endfor %}
{% endif %}
{% if referring %}
-- Those whose foreign keys are dropped or moved come first: who writes to them comes to this one next.
{% endif %}
LOCK TABLE {% for relation in referring %}{{ relation }}, {% endfor %}{{ source | ident }}, {{ arriving | ident }} IN ACCESS EXCLUSIVE MODE;
SELECT set_config('executor.locked_at', clock_timestamp()::text, true);
CALL pg_temp.executor_await_sessions();
{% include 'repartition/swap/clock.sql' %}
