-- Keys, indexes and what applications hang on their tables; after the load, as it is faster so.
ALTER TABLE public.chunks
  ADD PRIMARY KEY (id),
  ADD CONSTRAINT chunks_position_key UNIQUE (collection_id, document_id, chunk_index),
  ADD FOREIGN KEY (collection_id) REFERENCES public.collections ON DELETE CASCADE,
  ADD FOREIGN KEY (document_id) REFERENCES public.documents ON DELETE CASCADE,
  ADD FOREIGN KEY (chunking_config_id) REFERENCES public.chunking_configs;
CREATE INDEX chunks_document_id_idx ON public.chunks (document_id);
CREATE INDEX chunks_created_at_idx ON public.chunks (created_at DESC);
CREATE INDEX chunks_embedding_idx ON public.chunks (embedding_vector_id) WHERE embedding_vector_id IS NOT NULL;
CREATE TRIGGER chunks_touch BEFORE UPDATE ON public.chunks
  FOR EACH ROW EXECUTE FUNCTION public.touch();
CREATE VIEW public.collection_sizes AS
SELECT collection_id, count(*) AS chunks, sum(token_count) AS tokens
FROM public.chunks GROUP BY collection_id;
ANALYZE public.chunks;
