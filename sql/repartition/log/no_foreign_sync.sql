{## Before the function that applies the log in use is called; session.sql says what is asked. -##}
CALL pg_temp.executor_refuse_foreign_sync();
