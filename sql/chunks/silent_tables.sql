{## The table and those of its partitions on which the four triggers that fill the log `log` are not all at work.
    With `unchanged`, they also have to be as they were made by the two transactions that `compared` names, a
    variable of the block around this: that of the partitions' triggers and that of the table's own. -##}
SELECT tree.relid AS relation
FROM (SELECT {{ source | literal }}::regclass AS relid UNION SELECT relid FROM pg_partition_tree({{ source | literal }}::regclass)) AS tree
WHERE 4 > (SELECT count(*) FROM pg_trigger AS t
           WHERE t.tgrelid = tree.relid AND t.tgfoid = to_regproc({{ log | literal }}) AND t.tgenabled = 'A'
{%- if unchanged %}

             AND t.xmin::text = split_part(compared, ' ', CASE WHEN tree.relid = {{ source | literal }}::regclass THEN 2 ELSE 1 END)
{%- endif %})
