-- Whether so little is left in the log that the swap can apply it under its lock. A view can't be sampled: were it
-- one by now, its functions would run.
SELECT count(*) <= {{ swap_rows }}
FROM (SELECT FROM {{ log | ident }} TABLESAMPLE SYSTEM (100) LIMIT {{ swap_rows }} + 1) AS entry
