{## Asks for code of others as ask.sql says, here and now; `written`, `read` and `called` are lists of names. The sessions
    of the flagship plan have it as a procedure. -##}
{% if session is defined and session in ['security/session.sql', 'repartition/session.sql'] %}
CALL pg_temp.executor_ask_foreign_code({% include 'security/asked.sql' %});
{% else %}
DO $executor$
DECLARE
  writes CONSTANT text[] := {{ written | literal }};
  reads CONSTANT text[] := {{ read | literal }};
  calls CONSTANT text[] := {{ called | literal }};
{% include 'security/ask.sql' %}
$executor$;
{% endif %}
