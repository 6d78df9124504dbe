{## As tables/private.sql, in a session of the plan. -##}
CALL pg_temp.executor_keep_private({{ relation | literal }}, owner_of => {{ source | literal }});
