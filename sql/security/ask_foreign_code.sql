{## Asks for code of others as ask.sql says, here and now; `written`, `read` and `called` are lists of names. -##}
DO $executor$
DECLARE
  executor_written CONSTANT text[] := {{ written | literal }};
  executor_read CONSTANT text[] := {{ read | literal }};
  executor_called CONSTANT text[] := {{ called | literal }};
{% include 'security/ask.sql' %}
$executor$;
