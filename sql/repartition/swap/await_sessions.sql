-- Refuses the swap while other sessions have a temporary view or the like on the table; called before the lock and under
-- it. It waits for nothing: the step is tried again, by its SQLSTATE.
CREATE OR REPLACE PROCEDURE pg_temp.executor_await_sessions() LANGUAGE plpgsql AS {% set body %}

DECLARE
  holders text;
BEGIN
  SELECT string_agg(holder, ', ' ORDER BY holder) INTO holders FROM (
{% include 'repartition/swap/of_sessions.sql' %}
  ) AS held;
  IF holders IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002', MESSAGE = 'temporary objects of other sessions are bound to the table: ' || holders,
      HINT = 'They end with their sessions; or drop them there.';
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
