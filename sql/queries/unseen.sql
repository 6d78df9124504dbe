-- How many statements of other roles this one may not read.
SELECT count(*) AS number FROM {{ statements_view | ident }} AS s
WHERE s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database()) AND s.query = '<insufficient privilege>'
