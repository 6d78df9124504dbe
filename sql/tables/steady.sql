{## Keeps the tables `left` and `right`, and that of the keys in `without`, as the snapshot shows them, as hold_steady.sql
    says. The sessions of the flagship plan have it as a procedure. -##}
{% if session is defined and session in ['security/session.sql', 'repartition/session.sql'] %}
CALL pg_temp.executor_hold_steady({{ left | name | literal }}, {{ right | name | literal }}{% if without is not none %}, without => {{ without | name | literal }}{% endif %});
{% else %}
DO $executor$
DECLARE
  first CONSTANT text := {{ left | name | literal }};
  second CONSTANT text := {{ right | name | literal }};
  without CONSTANT text := {% if without is none %}NULL{% else %}{{ without | name | literal }}{% endif %};
{% include 'security/hold_steady.sql' %}
$executor$;
{% endif %}
