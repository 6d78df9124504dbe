{## What the comment of the old table, `relation`, keeps for the way back: an expression of type jsonb,
    null if the comment is another one. The words come first, the JSON is its last line. -##}
SELECT CASE WHEN comment LIKE 'Replaced by executor%' THEN substr(comment, strpos(comment, E'\n{') + 1)::jsonb END
FROM obj_description({{ relation | literal }}::regclass, 'pg_class') AS comment
