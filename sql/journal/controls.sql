-- What the run is told, and whether this executor still owns it.
SELECT
  r.epoch = {{ epoch }} AS owned, c.run_id IS NOT NULL AS present,
  c.paused, c.held_before, c.workers, c.batch_rows
FROM executor.runs AS r
LEFT JOIN executor.controls AS c ON c.run_id = r.id
WHERE r.id = {{ run }};
