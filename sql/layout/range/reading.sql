{## What is asked of the table `c` and its column `a`: the least and the greatest value, each with a letter in front. An expression. -##}
format('SELECT array_to_tsvector(array_remove(ARRAY[%1$L || (SELECT r.%3$I::text FROM %4$s AS r WHERE r.%3$I IS NOT NULL AND %5$s ORDER BY r.%3$I LIMIT 1), '
      '%2$L || (SELECT r.%3$I::text FROM %4$s AS r WHERE r.%3$I IS NOT NULL AND %5$s ORDER BY r.%3$I DESC LIMIT 1)], NULL))',
      'a', 'z', a.attname, c.oid::regclass,
      CASE WHEN format_type(a.atttypid, NULL) = 'numeric' THEN format('r.%1$I > -9e18 AND r.%1$I < 9e18', a.attname)
        WHEN format_type(a.atttypid, NULL) IN ('date', 'timestamp without time zone', 'timestamp with time zone')
          THEN format('r.%1$I >= %2$L AND r.%1$I < %3$L', a.attname, '0001-01-01', '100000-01-01')
        ELSE 'true' END)
