-- The tables of a retrieval system: collections of documents, and the chunks of their text.
CREATE TABLE public.collections (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.documents (
  id uuid PRIMARY KEY,
  collection_id uuid NOT NULL REFERENCES public.collections ON DELETE CASCADE,
  title text NOT NULL
);

CREATE TABLE public.chunking_configs (
  id integer PRIMARY KEY,
  strategy text NOT NULL UNIQUE
);

CREATE TABLE public.chunks (
  id bigserial,
  collection_id uuid NOT NULL,
  document_id uuid NOT NULL,
  chunking_config_id integer NOT NULL,
  chunk_index integer NOT NULL,
  content text NOT NULL,
  token_count integer CHECK (token_count >= 0),
  embedding_vector_id varchar(64),
  meta json,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE public.chunks IS 'Passages of documents, as they are embedded and searched';
COMMENT ON COLUMN public.chunks.chunk_index IS 'Place of the passage in its document, from 0';

CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$body$;
