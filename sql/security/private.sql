{## As tables/private.sql, in a session of the plan. -##}
DO $executor$ BEGIN PERFORM pg_temp.executor_keep_private({{ relation | literal }}, (SELECT relowner FROM pg_class WHERE oid = {{ source | literal }}::regclass)); END $executor$;
