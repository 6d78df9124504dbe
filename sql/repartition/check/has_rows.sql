-- Whether there is anything to copy, and a copy is wanted.
{% if session %}
SELECT {{ (backup == 'copy') | literal }} AND pg_temp.executor_has_more({{ source | literal }}, 0)
{% else %}
-- A dry run asks it after the check has asked whose code would run. A view can't be sampled: were it one by now, its functions would run.
SELECT {{ (backup == 'copy') | literal }} AND EXISTS (SELECT FROM {{ source | ident }} TABLESAMPLE SYSTEM (100))
{% endif %}
