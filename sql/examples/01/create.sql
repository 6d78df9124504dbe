-- Two objects in one transaction: both are there, or neither.
CREATE SCHEMA example_01;
CREATE TABLE example_01.greetings (
  id integer PRIMARY KEY,
  text text NOT NULL
);
INSERT INTO example_01.greetings VALUES (1, 'hello'), (2, 'good morning');
