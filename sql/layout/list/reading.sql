{## What is asked of the table `c` and its column `a`: the values of many rows. An expression. -##}
format('SELECT array_to_tsvector(array_agg(value)) FROM ('
      'SELECT %1$I::text AS value, count(*) AS rows, sum(count(*)) OVER () AS total FROM %2$s TABLESAMPLE SYSTEM (%3$s) REPEATABLE (0) WHERE %1$I IS NOT NULL GROUP BY %1$I'
      ') AS counted WHERE rows * 100 >= total * {{ min_share }} AND value <> '''' AND octet_length(value) <= 200 AND (getdatabaseencoding() <> ''SQL_ASCII'' OR value !~ ''[^\x01-\x7f]'') AND position(%4$L IN value) = 0',
      a.attname, c.oid::regclass, (SELECT least(100, 100 * 2 ^ 30 / greatest(sum(pg_relation_size(leaf.oid)), 1))
        FROM pg_class AS leaf WHERE leaf.relkind = 'r' AND leaf.oid IN (
{% include 'facts/fragments/tree.sql' %}
        )), '\')
