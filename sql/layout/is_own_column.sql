{## Whether the column `a` is none of the application's but an earlier run's. -##}
(a.attname = 'partition_key' AND {% include 'layout/owns_key.sql' %})
