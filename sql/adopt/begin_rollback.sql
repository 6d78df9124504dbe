{## What a rollback does before it undoes anything: after the swap it looks for the table that is to come back. -##}
{% if 'swap' in done %}
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% endif %}
DO {% set body %}

BEGIN
{% if 'swap' in done %}
  IF to_regclass({{ source | literal }}) IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ (source ~ ', the table in use, is gone: somebody has dropped or renamed it') | literal }},
      HINT = 'Nothing was changed. Give it its name again, then roll back again.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = to_regclass({{ source | literal }}) AND inhrelid = to_regclass({{ old | literal }})) THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ (old ~ ', the table that would come back, is no partition of ' ~ source ~ ' any more: somebody has detached, renamed or dropped it, or `executor maintain` has detached it by its `keep`') | literal }},
      HINT = {{ ('Nothing was changed, and ' ~ source ~ ' is in use. Attach the partition again, or give it its name again; if it was dropped, its rows are lost and there is no way back.') | literal }};
  END IF;
{% include 'adopt/swap/count_rows.sql' %}
{% elif 'bound' in done or 'validate_bound' in done or 'create_table' in done %}
  IF to_regclass({{ source | literal }}) IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ (source ~ ' is gone: somebody has dropped or renamed it') | literal }},
      HINT = 'Nothing was changed. If it was renamed, give it its name again, then roll back again.';
  END IF;
{% else %}
  NULL;
{% endif %}
END
{% endset %}{{ body | dollar_quoted }};
