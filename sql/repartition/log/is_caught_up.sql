-- Whether so little is left in the log that the swap can apply it under its lock.
SELECT NOT pg_temp.executor_has_more({{ log | literal }}, {{ swap_rows }})
