-- The tables that runs in the journal were about and have not been rolled back.
SELECT DISTINCT r.variables ->> 'source' AS source
FROM executor.runs AS r
WHERE r.status = 'succeeded' AND r.variables ->> 'source' IS NOT NULL
ORDER BY 1;
