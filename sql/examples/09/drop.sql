-- The accounts.
DROP TABLE example_09.accounts;
DROP SCHEMA example_09;
