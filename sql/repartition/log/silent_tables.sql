{## The table `relation` and those of its partitions on which the four triggers that call the function `logger` are
    not all at work. -##}
SELECT tree.relid AS relation
FROM (SELECT {{ relation | literal }}::regclass AS relid UNION SELECT relid FROM pg_partition_tree({{ relation | literal }}::regclass)) AS tree
WHERE 4 > (SELECT count(*) FROM pg_trigger AS t
           WHERE t.tgrelid = tree.relid AND t.tgfoid = to_regprocedure({{ (logger ~ '()') | literal }}) AND t.tgenabled = 'A')
