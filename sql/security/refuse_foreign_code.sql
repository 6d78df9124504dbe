{## As no_foreign_code.sql, for a session that is not one of the plan's. -##}
{% include 'security/ask_foreign_code.sql' %}

DO $executor$
BEGIN
{% include 'security/raise_foreign_code.sql' %}
END
$executor$;
