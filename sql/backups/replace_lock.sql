-- Lets nobody read or write the live table until the restored table has its place.
-- Lock: ACCESS EXCLUSIVE on both tables and their partitions, for an instant; given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

-- One waiting time for all locks together; lock_timeout alone would count anew for each.
SET LOCAL statement_timeout = '500ms';

LOCK TABLE {{ live | ident }}, {{ target | ident }} IN ACCESS EXCLUSIVE MODE;

SET LOCAL statement_timeout = 0;
