{## The oids of the table and all its partitions: a SELECT without its semicolon. It locks nothing, as
    pg_partition_tree() would: who asks for facts does not wait for somebody who holds a partition. -##}
SELECT oid FROM (WITH RECURSIVE tree (oid) AS (
  SELECT to_regclass({{ source | literal }})::oid UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
) SELECT oid FROM tree) AS of_table
