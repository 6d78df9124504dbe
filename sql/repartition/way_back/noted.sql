{## What the comment of the log for the way back keeps: an expression of type jsonb. The words come first,
    the JSON is its last line. -##}
SELECT substr(comment, strpos(comment, E'\n{') + 1)::jsonb
FROM obj_description({{ back_log | literal }}::regclass, 'pg_class') AS comment
