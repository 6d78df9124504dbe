{## What a build that failed has left. Waits for readers and writers of the table, and blocks none of them. -##}
DROP INDEX CONCURRENTLY {{ index | ident }};
