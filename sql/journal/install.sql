-- The journal: what has been run, in the same transactions as the work itself.
-- Installed on first use. Whatever changes here is done to older journals by upgrade.sql, and raises the version.
SELECT pg_advisory_xact_lock(hashtext('executor journal'));

CREATE SCHEMA executor;
COMMENT ON SCHEMA executor IS 'Journal of executor: runs of plans, their steps, iterations and findings';
REVOKE ALL ON SCHEMA executor FROM PUBLIC;

CREATE TABLE executor.version (
  version integer NOT NULL,
  installed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE executor.version IS 'Version of the journal''s own tables';
COMMENT ON COLUMN executor.version.version IS 'The newest row counts';
COMMENT ON COLUMN executor.version.installed_at IS 'When this version was installed';
INSERT INTO executor.version (version) VALUES ({{ version }});

CREATE TABLE executor.runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan text NOT NULL,
  status text NOT NULL DEFAULT 'running'
    CHECK (status IN ('running', 'failed', 'succeeded', 'rolled_back')),
  epoch bigint NOT NULL DEFAULT 1,
  variables jsonb NOT NULL,
  name_timestamp text NOT NULL,
  executor_version text NOT NULL,
  system_identifier text NOT NULL,
  timeline bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  error text,
  closed text
);
-- running -> succeeded | failed;  failed -> running;  running, failed, succeeded -> rolled_back
CREATE UNIQUE INDEX one_open_run_of_a_plan ON executor.runs (plan)
  WHERE status IN ('running', 'failed');
COMMENT ON TABLE executor.runs IS 'One row for each run of a plan';
COMMENT ON COLUMN executor.runs.id IS 'Number of the run';
COMMENT ON COLUMN executor.runs.plan IS 'Name of the plan: its file without the suffix';
COMMENT ON COLUMN executor.runs.status IS 'running (or killed), failed, succeeded, rolled_back';
COMMENT ON COLUMN executor.runs.epoch IS 'Raised when an executor takes the run over; an older epoch can no longer commit anything';
COMMENT ON COLUMN executor.runs.variables IS 'The values of the plan''s variables';
COMMENT ON COLUMN executor.runs.name_timestamp IS 'The run''s timestamp (UTC) as it stands in names of tables';
COMMENT ON COLUMN executor.runs.executor_version IS 'Version of the executor that began the run';
COMMENT ON COLUMN executor.runs.system_identifier IS 'The database cluster (pg_control_system)';
COMMENT ON COLUMN executor.runs.timeline IS 'The cluster''s timeline: it changes with a fail-over or a restore';
COMMENT ON COLUMN executor.runs.started_at IS 'When the run began';
COMMENT ON COLUMN executor.runs.finished_at IS 'When the run last ended';
COMMENT ON COLUMN executor.runs.error IS 'Why the run failed';
COMMENT ON COLUMN executor.runs.closed IS 'Why there is no way back from this run any more; null: there is';

CREATE TABLE executor.executors (
  run_id bigint PRIMARY KEY REFERENCES executor.runs,
  epoch bigint NOT NULL,
  backend_pid integer NOT NULL,
  backend_start timestamptz NOT NULL,
  client text NOT NULL,
  claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE executor.executors IS 'The executor that owns a run';
COMMENT ON COLUMN executor.executors.run_id IS 'The run';
COMMENT ON COLUMN executor.executors.epoch IS 'The epoch that it owns';
COMMENT ON COLUMN executor.executors.backend_pid IS 'Process of the server for its heartbeat connection';
COMMENT ON COLUMN executor.executors.backend_start IS 'Start of that process: a number may be used again';
COMMENT ON COLUMN executor.executors.client IS 'user@host and process of the executor';
COMMENT ON COLUMN executor.executors.claimed_at IS 'When it claimed the run';
COMMENT ON COLUMN executor.executors.heartbeat_at IS 'Its last sign of life';

CREATE TABLE executor.controls (
  run_id bigint PRIMARY KEY REFERENCES executor.runs,
  paused boolean NOT NULL DEFAULT false,
  held_before text,
  workers integer CHECK (workers > 0),
  batch_rows integer CHECK (batch_rows > 0),
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE executor.controls IS 'What a run is told while it runs; its executor reads it once a second';
COMMENT ON COLUMN executor.controls.run_id IS 'The run';
COMMENT ON COLUMN executor.controls.paused IS 'Whether the run waits before its next iteration or step, until executor resume';
COMMENT ON COLUMN executor.controls.held_before IS 'The step before which the run is waiting (run --hold); null lets it go on';
COMMENT ON COLUMN executor.controls.workers IS 'How many workers its steps with workers have; null: as the plan says';
COMMENT ON COLUMN executor.controls.batch_rows IS 'About how many rows a batch has; null: as the plan says';
COMMENT ON COLUMN executor.controls.changed_at IS 'When the row was last changed';

CREATE TABLE executor.steps (
  run_id bigint NOT NULL REFERENCES executor.runs,
  name text NOT NULL,
  position integer NOT NULL,
  form text NOT NULL,
  digest text NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'skipped', 'rolled_back')),
  attempts integer NOT NULL DEFAULT 0,
  rows bigint NOT NULL DEFAULT 0,
  started_at timestamptz,
  finished_at timestamptz,
  error text,
  weight double precision NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, name)
);
COMMENT ON TABLE executor.steps IS 'The steps of each run';
COMMENT ON COLUMN executor.steps.run_id IS 'The run';
COMMENT ON COLUMN executor.steps.name IS 'Name of the step in the plan';
COMMENT ON COLUMN executor.steps.position IS 'Its place in the plan, from 1';
COMMENT ON COLUMN executor.steps.form IS 'once, for_each, batches, repeat; check: without SQL, it only looks';
COMMENT ON COLUMN executor.steps.digest IS 'sha256 of the rendered SQL, assertions and rollback: an edited plan is noticed';
COMMENT ON COLUMN executor.steps.status IS 'See the transitions in executor.check_transition()';
COMMENT ON COLUMN executor.steps.attempts IS 'How often the step was begun';
COMMENT ON COLUMN executor.steps.rows IS 'Rows that its statements reported';
COMMENT ON COLUMN executor.steps.started_at IS 'When it was last begun';
COMMENT ON COLUMN executor.steps.finished_at IS 'When it last ended';
COMMENT ON COLUMN executor.steps.error IS 'Why it failed';
COMMENT ON COLUMN executor.steps.weight IS 'How long it takes beside the other steps; 0: it does not count';

CREATE TABLE executor.iterations (
  run_id bigint NOT NULL,
  step text NOT NULL,
  number integer NOT NULL,
  item jsonb NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'succeeded', 'rolled_back')),
  rows bigint NOT NULL DEFAULT 0,
  seconds double precision,
  finished_at timestamptz,
  PRIMARY KEY (run_id, step, number),
  FOREIGN KEY (run_id, step) REFERENCES executor.steps
);
COMMENT ON TABLE executor.iterations IS 'The iterations of each step: items, block ranges or passes';
COMMENT ON COLUMN executor.iterations.run_id IS 'The run';
COMMENT ON COLUMN executor.iterations.step IS 'The step';
COMMENT ON COLUMN executor.iterations.number IS 'Number of the iteration, from 1';
COMMENT ON COLUMN executor.iterations.item IS 'What the iteration works on';
COMMENT ON COLUMN executor.iterations.status IS 'pending -> succeeded -> rolled_back -> succeeded';
COMMENT ON COLUMN executor.iterations.rows IS 'Rows that its statements reported';
COMMENT ON COLUMN executor.iterations.seconds IS 'How long its transaction took';
COMMENT ON COLUMN executor.iterations.finished_at IS 'When it ended';

CREATE TABLE executor.findings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL,
  step text NOT NULL,
  assertion integer NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL,
  subject text NOT NULL,
  expected text,
  actual text,
  passed boolean NOT NULL,
  checked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (run_id, step) REFERENCES executor.steps
);
CREATE INDEX findings_of_a_step ON executor.findings (run_id, step);
COMMENT ON TABLE executor.findings IS 'What the assertions saw, whether they held or not';
COMMENT ON COLUMN executor.findings.id IS 'Order in which they were written';
COMMENT ON COLUMN executor.findings.run_id IS 'The run';
COMMENT ON COLUMN executor.findings.step IS 'The step';
COMMENT ON COLUMN executor.findings.assertion IS 'Place of the assertion in the step, from 1';
COMMENT ON COLUMN executor.findings.kind IS 'Kind of the assertion';
COMMENT ON COLUMN executor.findings.severity IS 'error or warn; open: nobody knows whether it holds';
COMMENT ON COLUMN executor.findings.subject IS 'What was checked';
COMMENT ON COLUMN executor.findings.expected IS 'What it should be';
COMMENT ON COLUMN executor.findings.actual IS 'What it is';
COMMENT ON COLUMN executor.findings.passed IS 'Whether it held';
COMMENT ON COLUMN executor.findings.checked_at IS 'When it was checked';

-- The state machine of a step, written once.
CREATE FUNCTION executor.check_transition() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF (OLD.status, NEW.status) IN (
    ('pending', 'running'), ('pending', 'skipped'), ('skipped', 'running'), ('skipped', 'skipped'),
    ('running', 'running'), ('running', 'succeeded'), ('running', 'failed'), ('running', 'rolled_back'),
    ('failed', 'running'), ('failed', 'rolled_back'), ('failed', 'skipped'),
    ('succeeded', 'running'),  -- a step with `always`, and the last transaction's row itself
    ('succeeded', 'succeeded'), ('succeeded', 'rolled_back'),
    ('rolled_back', 'running'), ('rolled_back', 'skipped'), ('rolled_back', 'rolled_back')
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'step % can''t go from % to %', NEW.name, OLD.status, NEW.status;
END
$body$;
COMMENT ON FUNCTION executor.check_transition() IS 'Refuses a status that can''t follow the one before';
CREATE TRIGGER check_transition BEFORE UPDATE OF status ON executor.steps
  FOR EACH ROW EXECUTE FUNCTION executor.check_transition();

-- First statement of every transaction of a run. Taking a run over raises the epoch, which waits
-- for this row lock: so an executor that lost its run can neither go on nor commit.
CREATE FUNCTION executor.fence(run bigint, owned bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  PERFORM FROM executor.runs WHERE id = run AND epoch = owned FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'run % belongs to another executor now', run USING ERRCODE = 'EX001';
  END IF;
END
$body$;
COMMENT ON FUNCTION executor.fence(bigint, bigint) IS 'Raises EX001 unless the caller still owns the run';

{% include 'journal/create_spans.sql' %}
{% include 'journal/create_facts.sql' %}
{% set keep = false %}
{% include 'journal/grants.sql' %}
