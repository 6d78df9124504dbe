{## The facts that a step rechecks, as prepare_facts.sql has planned them. ##}
EXECUTE executor_facts;
