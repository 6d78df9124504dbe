-- What took time in a run. An undo begins where the one before it ended: the journal has the begin
-- of its last transaction. Of waits and attempts in vain, the thousand longest are enough.
SELECT id, step, kind, outcome, detail, began AS started_at, finished_at
FROM (
  SELECT
    s.*,
    CASE
      WHEN kind = 'undo' AND lag(kind) OVER by_work = 'undo' AND lag(finished_at) OVER by_work < started_at
        THEN lag(finished_at) OVER by_work
      ELSE started_at
    END AS began,
    row_number() OVER (PARTITION BY kind ORDER BY finished_at - started_at DESC) AS place
  FROM executor.spans AS s
  WHERE run_id = {{ run }}
  WINDOW by_work AS (PARTITION BY kind IN ('run', 'undo') ORDER BY id)
) AS s
WHERE kind IN ('run', 'undo') OR place <= 1000
ORDER BY id;
