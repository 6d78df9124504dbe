{## Whether the trigger `t` is one of those that log for the way back of a run, from its swap on: an expression. What it and its function are called
    does not say so alone, as the application may call them so; how the function's text begins does. `f` is that function, a row of pg_proc. -##}
(NOT t.tgisinternal AND t.tgname ~ '^executor[2-9]?_(insert|update|delete|truncate)$' AND f.proname ~ '_back_[0-9]{8}_[0-9]{6}$'
  AND f.prosrc ~ '^\n#variable_conflict use_column\nBEGIN\n.*\n  IF TG_OP = ''INSERT'' THEN\n    INSERT INTO [^\n]* FROM new_rows;\n')