-- pg_partman 4 as its guide for an existing table says: a new partitioned table in the place of the old one, with
-- indexes and foreign keys in place, and the rows moved by its procedure, a day a transaction.
ALTER TABLE public.chunks RENAME TO chunks_old;
CREATE TABLE public.chunks (LIKE public.chunks_old INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)
  PARTITION BY RANGE (created_at);
CREATE INDEX ON public.chunks (document_id);
CREATE INDEX ON public.chunks (created_at DESC);
CREATE INDEX ON public.chunks (embedding_vector_id) WHERE embedding_vector_id IS NOT NULL;
ALTER TABLE public.chunks
  ADD FOREIGN KEY (collection_id) REFERENCES public.collections ON DELETE CASCADE,
  ADD FOREIGN KEY (document_id) REFERENCES public.documents ON DELETE CASCADE,
  ADD FOREIGN KEY (chunking_config_id) REFERENCES public.chunking_configs;
CREATE TABLE public.chunks_template (LIKE public.chunks, PRIMARY KEY (id));
SELECT partman.create_parent('public.chunks', 'created_at', 'native', 'daily', p_template_table := 'public.chunks_template');
CALL partman.partition_data_proc('public.chunks', p_source_table := 'public.chunks_old', p_wait := 0);
VACUUM ANALYZE public.chunks;
