{## Asks for code of others as ask.sql says, here and now; `written`, `read` and `called` are lists of names. -##}
DO $executor$
DECLARE
  writes CONSTANT text[] := {{ written | literal }};
  reads CONSTANT text[] := {{ read | literal }};
  calls CONSTANT text[] := {{ called | literal }};
{% include 'security/ask.sql' %}
$executor$;
