-- Nothing but that the catalog is asked anew: there are partitions now that can be too old, or lack an index.
SELECT pg_stat_clear_snapshot();
