{## Takes every right on the function `function` from all but its owner, as keep_function_private.sql says. -##}
CALL pg_temp.executor_keep_function_private({{ function | literal }}, owner_of => {{ source | literal }});
