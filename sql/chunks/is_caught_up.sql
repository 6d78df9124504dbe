-- Whether so little is left in the log that the swap can apply it under its lock.
SELECT count(*) <= {{ swap_rows }} FROM (SELECT FROM {{ log | ident }} LIMIT {{ swap_rows }} + 1) AS entry
