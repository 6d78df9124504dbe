-- What a table that is partitioned by time can't keep goes before anything is measured.
ALTER TABLE public.chunks DROP CONSTRAINT chunks_position_key;
