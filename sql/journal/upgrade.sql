-- Bring the journal of an older version up to date; where that is done, nothing happens.
SELECT pg_advisory_xact_lock(hashtext('executor journal'));
ALTER TABLE executor.runs ADD COLUMN IF NOT EXISTS closed text;
COMMENT ON COLUMN executor.runs.closed IS 'Why there is no way back from this run any more; null: there is';
ALTER TABLE executor.steps ADD COLUMN IF NOT EXISTS weight double precision NOT NULL DEFAULT 0;
COMMENT ON COLUMN executor.steps.weight IS 'How long it takes beside the other steps; 0: it does not count';
{% include 'journal/create_spans.sql' %}
{% include 'journal/create_facts.sql' %}
INSERT INTO executor.version (version) VALUES ({{ version }});
{% set keep = true %}
{% include 'journal/grants.sql' %}
