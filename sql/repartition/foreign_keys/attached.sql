-- The foreign keys that the table has as a whole: after a rollback that stopped before the swap it has them already.
SELECT conname::text FROM pg_constraint WHERE conrelid = {{ whole | literal }}::regclass AND contype = 'f' AND convalidated
