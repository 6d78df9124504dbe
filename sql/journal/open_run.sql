-- Begin a run. A second open run of the same plan breaks the index one_open_run_of_a_plan.
INSERT INTO executor.runs
  (plan, variables, name_timestamp, executor_version, system_identifier, timeline)
VALUES (
  {{ plan | literal }}, {{ variables | literal }}::jsonb, {{ timestamp | literal }},
  {{ executor_version | literal }}, {{ system_identifier | literal }}, {{ timeline }}
)
RETURNING id, epoch;
