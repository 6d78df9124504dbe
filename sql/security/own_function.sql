{## Takes every right on the function `function` from all but its owner, as keep_function_private.sql says. It has no
    arguments, or the types `arguments`. -##}
CALL pg_temp.executor_keep_function_private({{ (function ~ '(' ~ (arguments | default('')) ~ ')') | literal }}, owner_of => {{ source | literal }});
