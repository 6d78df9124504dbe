{## Whoever waits for the lock waits no longer than max_lock: the next statement gets what is left of it. -##}
CALL pg_temp.executor_clock({{ max_lock | literal }});
