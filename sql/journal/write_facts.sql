-- What the catalog says of the table, for all steps of a run.
INSERT INTO executor.facts (run_id, facts) VALUES ({{ run }}, {{ facts | literal }}::jsonb)
ON CONFLICT (run_id) DO UPDATE SET facts = EXCLUDED.facts, read_at = clock_timestamp();
