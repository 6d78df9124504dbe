{## Facts in a printed script: raises unless each is what it was, known by its digest. -##}
CALL pg_temp.executor_recheck({{ since | literal }}, {{ digests | literal }});
