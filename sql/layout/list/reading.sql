{## What is asked of the table `c` and its column `a`: the values of many rows, by the output of their type, as a cast of an enum to
    text may be its owner's. An expression. -##}
format('SELECT array_to_tsvector(array_agg(value)) FROM ('
      'SELECT %5$s AS value, count(*) AS rows, sum(count(*)) OVER () AS total FROM %2$s TABLESAMPLE SYSTEM (%3$s) REPEATABLE (0) WHERE %1$I IS NOT NULL GROUP BY %1$I'
      ') AS counted WHERE rows * 100 >= total * {{ min_share }} AND value <> '''' AND octet_length(value) <= 200 AND (getdatabaseencoding() <> ''SQL_ASCII'' OR value !~ ''[^\x01-\x7f]'') AND position(%4$L IN value) = 0',
      a.attname, c.oid::regclass, (SELECT least(100, 100 * 2 ^ 30 / greatest(sum(pg_relation_size(leaf.oid)), 1))
        FROM pg_class AS leaf WHERE leaf.relkind = 'r' AND leaf.oid IN (
{% include 'facts/fragments/tree.sql' %}
        )), '\',
        format(CASE WHEN a.atttypid = 'boolean'::regtype THEN 'CASE concat(%1$I) WHEN ''t'' THEN ''true'' ELSE ''false'' END' ELSE 'concat(%1$I)' END, a.attname))
