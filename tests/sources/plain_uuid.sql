-- A uuid key, and a collection whose hash is the least integer.
CREATE TABLE chunks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  collection_id uuid NOT NULL,
  chunk_index integer,
  content text,
  meta json
);
INSERT INTO chunks (collection_id, chunk_index, content, meta)
SELECT md5((i % 50)::text)::uuid, i, repeat('x', i % 300), '{"a": 1, "a": 2}'
FROM generate_series(1, 2000) AS i;
INSERT INTO chunks (collection_id) VALUES ('7b0c3f1e-52a4-4d9b-8c3a-0000ecb7c7b4');
