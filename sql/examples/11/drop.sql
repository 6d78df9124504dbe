-- Never reached by a rollback of this plan, unless the rounding was not done yet.
DROP TABLE example_11.amounts;
DROP SCHEMA example_11;
