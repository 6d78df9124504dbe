-- What took time beside the work itself, and has just ended.
INSERT INTO executor.spans (run_id, step, kind, detail, started_at, finished_at)
SELECT {{ run }}, {{ step | literal }}, {{ kind | literal }}, {{ detail | literal }},
  now.at - make_interval(secs => {{ seconds | literal }}), now.at
FROM (SELECT clock_timestamp() AS at) AS now;
