-- Indexes, constraints, foreign keys and storage parameters of every kind.
CREATE TABLE collections (id varchar PRIMARY KEY);
CREATE TABLE documents (id varchar PRIMARY KEY, part int, UNIQUE (id, part));
INSERT INTO collections SELECT 'c' || i FROM generate_series(0, 19) AS i;
INSERT INTO documents SELECT 'd' || i, i FROM generate_series(0, 19) AS i;
CREATE DOMAIN count AS int CHECK (VALUE >= 0);
CREATE TABLE chunks (
  id count,
  collection_id varchar NOT NULL,
  document_id varchar DEFAULT 'd1',
  part int,
  content text COLLATE "C",
  size numeric(10, 2),
  span int4range,
  meta jsonb,
  "a ""column""" text,
  created_at timestamptz DEFAULT '2025-08-11',
  CONSTRAINT "the key" PRIMARY KEY (id) INCLUDE (part, document_id) WITH (fillfactor = 70) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT deferred_key UNIQUE (collection_id, id) DEFERRABLE,
  CONSTRAINT chunks_covering_key UNIQUE (document_id, id) INCLUDE (content),
  CONSTRAINT wide_key UNIQUE (collection_id, size, id)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_threshold = 77, autovacuum_enabled = off);
ALTER TABLE chunks ADD CONSTRAINT follows FOREIGN KEY (collection_id) REFERENCES collections ON DELETE CASCADE;
ALTER TABLE chunks ADD CONSTRAINT "follows ""it""" FOREIGN KEY (document_id, part) REFERENCES documents (id, part)
  MATCH FULL ON DELETE SET NULL NOT VALID;
ALTER TABLE chunks ADD CONSTRAINT restricts FOREIGN KEY (document_id) REFERENCES documents ON DELETE RESTRICT DEFERRABLE;
ALTER TABLE chunks ADD CONSTRAINT not_yet FOREIGN KEY (collection_id) REFERENCES collections NOT VALID;
ALTER TABLE chunks ADD CONSTRAINT positive CHECK (part > 0) NOT VALID;
COMMENT ON CONSTRAINT follows ON chunks IS 'a delete';
CREATE INDEX ON chunks (lower(content) text_pattern_ops DESC NULLS LAST, (size * 2)) WHERE part > 5 AND content <> 'a''b';
CREATE UNIQUE INDEX once ON chunks (collection_id, lower(content)) INCLUDE (part) WHERE content IS NOT NULL;
CREATE INDEX ON chunks USING gin (meta jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX ON chunks USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX ON chunks USING hash ("a ""column""");
CREATE INDEX spans ON chunks USING gist (span);
-- Names that end alike: one of them is the other behind the table's.
CREATE INDEX chunks_part ON chunks (part);
CREATE INDEX part ON chunks (part DESC);
CREATE INDEX collated ON chunks ((content || 'x') COLLATE "POSIX", content COLLATE "C");
ALTER INDEX chunks_lower_expr_idx ALTER COLUMN 1 SET STATISTICS 444;
COMMENT ON INDEX once IS 'only one';
COMMENT ON INDEX "the key" IS 'of the key';
COMMENT ON CONSTRAINT "the key" ON chunks IS 'the key';
COMMENT ON CONSTRAINT deferred_key ON chunks IS 'at the end';
ALTER TABLE chunks CLUSTER ON spans;
ALTER TABLE chunks ALTER part SET STATISTICS 33, ALTER size SET (n_distinct = -0.5), ALTER content SET (n_distinct_inherited = 7, n_distinct = 3);
CREATE UNIQUE INDEX identity ON chunks (collection_id, id);
ALTER TABLE chunks REPLICA IDENTITY USING INDEX identity;
INSERT INTO chunks SELECT i, 'c' || i % 20, 'd' || i % 20, i % 20, 'text ' || i FROM generate_series(1, 100) AS i WHERE i % 20 > 0;
