-- No rows.
CREATE TABLE chunks (id uuid PRIMARY KEY, collection_id varchar, content text);
