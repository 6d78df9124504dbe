-- Bring the journal of an older version up to date; where that is done, nothing happens.
SELECT pg_advisory_xact_lock(hashtext('executor journal'));
{% include 'journal/spans.sql' %}
