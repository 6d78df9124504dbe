-- A key of two columns, a nullable collection, and values that look alike.
CREATE TABLE chunks (
  document_id bigint,
  chunk_index integer,
  collection_id bigint,
  content text,
  PRIMARY KEY (document_id, chunk_index) INCLUDE (collection_id)
);
INSERT INTO chunks
SELECT i / 10, i % 10, i % 23, (ARRAY[NULL, '', 'NULL', ' ', E'a\nb', 'ä', 'a''b', 'a"b', '\', '$executor$'])[1 + i % 10]
FROM generate_series(1, 2000) AS i;
