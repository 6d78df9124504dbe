{## Whether the constraint `c` is none of the application's but an earlier run's. -##}
(c.conname = 'partition_key_check' AND {% include 'layout/owns_key.sql' %})
