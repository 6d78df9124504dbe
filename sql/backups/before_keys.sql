-- Before a restored table is given its foreign keys.
-- Lock: SHARE ROW EXCLUSIVE on the referenced tables, so their writers wait: for an instant, or for as
-- long as the rows of a partitioned table are looked at. Given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';
