-- Bring the journal of an older version up to date; where that is done, nothing happens.
SELECT pg_advisory_xact_lock(hashtext('executor journal'));
ALTER TABLE executor.runs ADD COLUMN IF NOT EXISTS closed text;
COMMENT ON COLUMN executor.runs.closed IS 'Why there is no way back from this run any more; null: there is';
{% include 'journal/create_spans.sql' %}
{% include 'journal/create_facts.sql' %}
INSERT INTO executor.version (version) VALUES ({{ version }});
{% set keep = true %}
{% include 'journal/grants.sql' %}
