{## The facts that a step rechecks, planned before its lock is taken: by the indexes of the catalog, so that it takes as
    long as the table has parts, and not as long as the database has tables. ##}
DEALLOCATE ALL;
SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
PREPARE executor_facts AS
{{ questions }};
EXPLAIN EXECUTE executor_facts;
SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT;
