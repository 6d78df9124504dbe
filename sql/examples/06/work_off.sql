-- A hundred jobs a pass; what is taken is what is finished, in one statement.
WITH taken AS (
  DELETE FROM example_06.queue
  WHERE job IN (SELECT job FROM example_06.queue ORDER BY job LIMIT 100)
  RETURNING job
)
INSERT INTO example_06.finished SELECT job, {{ pass }} FROM taken;
