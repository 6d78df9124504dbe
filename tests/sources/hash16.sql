-- The application's table before the migration: 16 HASH partitions, three foreign keys, a
-- materialized view and four views on it.
CREATE TABLE collections (id varchar PRIMARY KEY, name text NOT NULL);
CREATE TABLE documents (id varchar PRIMARY KEY, collection_id varchar NOT NULL REFERENCES collections);
CREATE TABLE chunking_configs (id serial PRIMARY KEY, name text NOT NULL);

CREATE TABLE chunks (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  collection_id varchar NOT NULL,
  document_id varchar NOT NULL,
  chunking_config_id integer NOT NULL,
  chunk_index integer NOT NULL,
  content text NOT NULL,
  start_offset integer NOT NULL,
  gone text,
  end_offset integer NOT NULL,
  token_count integer,
  embedding_vector_id varchar,
  created_at timestamptz NOT NULL DEFAULT now(),
  meta json,
  PRIMARY KEY (id, collection_id),
  UNIQUE (collection_id, document_id, chunk_index),
  CONSTRAINT chunks_offsets CHECK (start_offset <= end_offset),
  FOREIGN KEY (collection_id) REFERENCES collections ON DELETE CASCADE,
  FOREIGN KEY (document_id) REFERENCES documents ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (chunking_config_id) REFERENCES chunking_configs
) PARTITION BY HASH (collection_id);
DO $$
BEGIN
  FOR i IN 0..15 LOOP
    EXECUTE format('CREATE TABLE chunks_p%s PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER %1$s) '
                   'WITH (fillfactor = 80)', i);
  END LOOP;
END
$$;
ALTER TABLE chunks DROP COLUMN gone;
CREATE INDEX ix_chunks_created_at ON chunks (created_at);
CREATE INDEX ix_chunks_document_id ON chunks (document_id) WHERE token_count IS NOT NULL;
CREATE INDEX ix_chunks_lower ON chunks (lower(left(content, 20)) DESC) INCLUDE (chunk_index);
COMMENT ON TABLE chunks IS 'Pieces of documents';
COMMENT ON COLUMN chunks.meta IS 'As the splitter wrote it';

INSERT INTO collections SELECT 'c-' || i, 'collection ' || i FROM generate_series(1, 200) AS i;
INSERT INTO documents SELECT 'd-' || i, 'c-' || 1 + i % 200 FROM generate_series(1, 1000) AS i;
INSERT INTO chunking_configs (name) VALUES ('recursive'), ('markdown');
INSERT INTO chunks (
  collection_id, document_id, chunking_config_id, chunk_index, content, start_offset, end_offset,
  token_count, created_at, meta
)
SELECT
  'c-' || 1 + i % 200, 'd-' || 1 + i % 1000, 1 + i % 2, i / 1000, repeat(md5(i::text), 1 + i % 9),
  i, i + 100, nullif(i % 50, 0), '2025-08-11 12:00+00'::timestamptz + i * interval '1 second',
  format('{"n": %s, "n": 1e5,  "s": "\u0041"}', i)::json
FROM generate_series(1, 10000) AS i;

CREATE MATERIALIZED VIEW collection_chunking_stats AS
SELECT c.id, c.name, count(k.id) AS total_chunks, avg(k.token_count)::numeric(10, 2) AS average_tokens
FROM collections AS c LEFT JOIN chunks AS k ON k.collection_id = c.id
GROUP BY c.id, c.name;
CREATE UNIQUE INDEX ix_collection_chunking_stats_id ON collection_chunking_stats (id);
CREATE VIEW active_chunking_configs AS
SELECT g.id, g.name, used.collections
FROM chunking_configs AS g
LEFT JOIN (SELECT chunking_config_id, count(DISTINCT collection_id) AS collections FROM chunks GROUP BY 1) AS used
  ON used.chunking_config_id = g.id;
CREATE VIEW recent_chunks AS
SELECT id, collection_id, content FROM chunks WHERE created_at > '2025-08-11 13:00+00';
CREATE VIEW large_collections WITH (security_barrier) AS
SELECT collection_id, count(*) AS chunks FROM chunks GROUP BY collection_id HAVING count(*) > 10;
CREATE VIEW largest_collection AS SELECT * FROM large_collections ORDER BY chunks DESC LIMIT 1;
