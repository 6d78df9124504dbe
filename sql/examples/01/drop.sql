-- No CASCADE: what others have put there must stop the rollback.
DROP TABLE example_01.greetings;
DROP SCHEMA example_01;
