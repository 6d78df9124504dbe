{## How many rows a table has. By the comment pg_stat_statements knows it as none of the application's. -##}
SELECT count(*) -- executor_rehearsal
FROM {{ table | ident }}
