-- How many rows the template of this transaction has reported.
SELECT coalesce(nullif(current_setting('executor.rows', true), ''), '0')::bigint AS rows;
