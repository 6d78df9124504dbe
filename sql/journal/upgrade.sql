-- Bring the journal of an older version up to date; where that is done, nothing happens.
SELECT pg_advisory_xact_lock(hashtext('executor journal'));
ALTER TABLE executor.runs ADD COLUMN IF NOT EXISTS closed text;
{% include 'journal/spans.sql' %}
{% include 'journal/create_facts.sql' %}
{% set keep = true %}
{% include 'journal/grants.sql' %}
