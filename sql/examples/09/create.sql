-- Two accounts with 1,000 in all.
CREATE SCHEMA example_09;
CREATE TABLE example_09.accounts (id integer PRIMARY KEY, balance numeric NOT NULL);
INSERT INTO example_09.accounts VALUES (1, 700), (2, 300);
