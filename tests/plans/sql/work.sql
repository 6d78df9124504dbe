{## Stands for any SQL. ##}
SELECT 1;
