-- Ids that the table always makes itself, and no primary key but a unique index.
CREATE TABLE chunks (
  id bigint GENERATED ALWAYS AS IDENTITY,
  collection_id text COLLATE "C" NOT NULL,
  content text
);
CREATE UNIQUE INDEX chunks_key ON chunks (id, collection_id);
INSERT INTO chunks (collection_id, content) SELECT 'ä' || i % 20, NULL FROM generate_series(1, 1000) AS i;
DELETE FROM chunks WHERE id % 3 = 0;
