{## The facts that a step rechecks, planned before its lock is taken. ##}
DEALLOCATE ALL;
PREPARE executor_facts AS
{{ questions }};
