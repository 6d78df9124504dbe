-- The iterations of a step, written down before the first one runs.
INSERT INTO executor.iterations (run_id, step, number, item)
SELECT {{ run }}, {{ step | literal }}, ordinality, item
FROM jsonb_array_elements({{ items | literal }}::jsonb -> 'items') WITH ORDINALITY AS t(item, ordinality)
ON CONFLICT (run_id, step, number) DO NOTHING;
