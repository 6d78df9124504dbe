{## The other indexes and the foreign keys of public.chunks_new, by the plain statements. -##}
ALTER TABLE public.chunks_new
  ADD UNIQUE (collection_id, document_id, chunk_index, partition_key),
  ADD FOREIGN KEY (collection_id) REFERENCES public.collections ON DELETE CASCADE,
  ADD FOREIGN KEY (document_id) REFERENCES public.documents ON DELETE CASCADE,
  ADD FOREIGN KEY (chunking_config_id) REFERENCES public.chunking_configs;
CREATE INDEX ON public.chunks_new (document_id);
CREATE INDEX ON public.chunks_new (created_at DESC);
CREATE INDEX ON public.chunks_new (embedding_vector_id) WHERE embedding_vector_id IS NOT NULL;
