{## Refuses to go on if code of a role that this session does not trust would run with its rights. It comes before
    anything is read or written; what `written`, `read` and `called` are, and which locks it takes, says ask.sql. -##}
CALL pg_temp.executor_refuse_foreign_code({% include 'security/asked.sql' %});
