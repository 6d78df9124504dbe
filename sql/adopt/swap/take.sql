{## The locks of the swap, there and back: `said` are the facts of the table in use, `arriving` takes its place. -##}
CALL pg_temp.executor_await_sessions();

-- One waiting time for all locks together; lock_timeout alone would count anew for each.
SET LOCAL statement_timeout = {{ settings.lock_timeout | literal }};

-- Views first, from the outside in, as their readers lock them. An owner that stays the same changes
-- nothing, but takes the lock; LOCK TABLE would lock every other table of the view, too.
{% for reader in said.readers if reader.view_sql is not none %}
ALTER VIEW {{ reader.view_sql }} OWNER TO {{ reader.owner_sql }};
{% endfor %}
{% set referring = said.incoming_keys | rejectattr('of_itself') | map(attribute='relation_sql') | unique | list %}
{% if back %}
{% for key in facts.incoming_keys if not key.of_itself and key.relation_sql not in referring %}
DO {% set body %}

BEGIN
  IF to_regclass({{ key.relation | literal }}) IS NOT NULL THEN
    LOCK TABLE {{ key.relation_sql }} IN SHARE ROW EXCLUSIVE MODE;
  END IF;
EXCEPTION WHEN syntax_error_or_access_rule_violation THEN
  NULL;  -- it is gone, and so is its key
END
{% endset %}{{ body | dollar_quoted }};
{% endfor %}
{% for table in said.foreign_keys | map(attribute='referenced_sql') | unique %}
-- The partition that becomes the table again gets triggers of its own there.
LOCK TABLE {{ table }} IN SHARE ROW EXCLUSIVE MODE;
{% endfor %}
{% endif %}
LOCK TABLE {% for relation in referring %}{{ relation }}, {% endfor %}{{ source | ident }}, {{ arriving | ident }} IN ACCESS EXCLUSIVE MODE;
SELECT set_config('executor.locked_at', clock_timestamp()::text, true);
CALL pg_temp.executor_await_sessions();
