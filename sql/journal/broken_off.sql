{## A step that its executor left running, as what took time: nobody wrote down when it ended. -##}
INSERT INTO executor.spans (run_id, step, kind, outcome, started_at, finished_at)
SELECT s.run_id, s.name, 'run', 'broken off', s.started_at, greatest(s.started_at, (
  SELECT max(i.finished_at) FROM executor.iterations AS i WHERE i.run_id = s.run_id AND i.step = s.name))
FROM executor.steps AS s
WHERE s.run_id = {{ run }} AND s.name = {{ step | literal }}
  AND s.status = 'running' AND s.started_at IS NOT NULL;
