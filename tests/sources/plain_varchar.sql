-- A varchar key, and collections that are numbers.
CREATE TABLE chunks (id varchar PRIMARY KEY, collection_id integer NOT NULL, content text);
INSERT INTO chunks SELECT 'id-' || i, i % 13, md5(i::text) FROM generate_series(1, 2000) AS i;
