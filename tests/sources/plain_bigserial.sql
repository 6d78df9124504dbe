-- Of everything that a table can have, one.
CREATE SCHEMA extensions;
CREATE EXTENSION citext SCHEMA extensions;
CREATE TABLE collections (id varchar PRIMARY KEY);
INSERT INTO collections SELECT 'c' || i FROM generate_series(0, 49) AS i;
CREATE TABLE chunks (
  dropped integer,
  id bigserial PRIMARY KEY,
  collection_id varchar(40) NOT NULL,
  label extensions.citext,
  a integer,
  b integer,
  c integer GENERATED ALWAYS AS (a + b) STORED,
  tags text[],
  document jsonb,
  meta json,
  number integer GENERATED ALWAYS AS IDENTITY (START 1000 INCREMENT 5),
  words tsvector,
  span int4range,
  at timestamptz DEFAULT now(),
  real float8,
  CONSTRAINT uq UNIQUE (collection_id, a) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT in_bounds CHECK (a >= -1)
) WITH (fillfactor = 77, autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 123);
ALTER TABLE chunks DROP COLUMN dropped;
ALTER TABLE chunks ADD CONSTRAINT fk FOREIGN KEY (collection_id) REFERENCES collections ON DELETE CASCADE NOT VALID;
CREATE INDEX by_tag ON chunks USING gin (tags);
CREATE INDEX by_path ON chunks USING gin (document jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX by_span ON chunks USING gist (span) WHERE a > 10;
CREATE INDEX chunks_expression ON chunks (lower(label::text) COLLATE "C" DESC NULLS LAST, (a + b)) INCLUDE (real);
CREATE INDEX expression ON chunks (b);
CREATE INDEX "an ""odd"" ON name USING btree" ON chunks (a);
CREATE INDEX by_time ON chunks USING brin (at) WITH (pages_per_range = 8);
CREATE UNIQUE INDEX by_label ON chunks (collection_id, lower(label::text)) WHERE a < 0;
CREATE STATISTICS ab (ndistinct) ON a, b FROM chunks;
ALTER INDEX chunks_expression ALTER COLUMN 2 SET STATISTICS 321;
ALTER TABLE chunks ALTER a SET STATISTICS 700, ALTER a SET (n_distinct = -0.5), ALTER tags SET STORAGE external;
ALTER TABLE chunks REPLICA IDENTITY FULL;
ALTER TABLE chunks CLUSTER ON chunks_pkey;
COMMENT ON COLUMN chunks.a IS 'a column';
COMMENT ON INDEX by_tag IS 'an index';
COMMENT ON CONSTRAINT uq ON chunks IS 'a unique constraint';
COMMENT ON CONSTRAINT fk ON chunks IS 'a foreign key';
INSERT INTO chunks (id, collection_id, label, a, b, tags, document, meta, words, span, real)
SELECT
  i * 3, 'c' || i % 50, 'L' || i, i, i * 2, ARRAY['t' || i % 7], jsonb_build_object('k', i),
  format('{"k": 1e5, "k":  %s}', i)::json, to_tsvector('simple', 'w' || i), int4range(i, i + 5),
  (ARRAY['NaN', '-0', '0.1', 'Infinity'])[1 + i % 4]::float8
FROM generate_series(1, 2000) AS i;
SELECT setval('chunks_id_seq', 20000);
ALTER TABLE chunks ADD CONSTRAINT not_all CHECK (a < 100) NOT VALID;
