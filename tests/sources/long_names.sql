-- Names as long as the plan allows; those of indexes differ where they would be cut.
CREATE TABLE a23456789012345678901234567890123456789 (
  id integer PRIMARY KEY,
  collection_id varchar NOT NULL,
  document_identifier_with_a_long_name text,
  another_column_with_a_long_name text
);
CREATE INDEX ON a23456789012345678901234567890123456789 (document_identifier_with_a_long_name, another_column_with_a_long_name);
CREATE INDEX ON a23456789012345678901234567890123456789 (another_column_with_a_long_name, document_identifier_with_a_long_name);
CREATE INDEX ON a23456789012345678901234567890123456789 ((document_identifier_with_a_long_name || another_column_with_a_long_name));
INSERT INTO a23456789012345678901234567890123456789 SELECT i, 'x' || i % 30, 'y' FROM generate_series(1, 100) AS i;
