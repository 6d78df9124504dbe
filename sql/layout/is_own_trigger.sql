{## Whether the trigger `t` is none of the application's but an earlier run's. -##}
(t.tgname = 'zz_partition_key' AND t.tgrelid = to_regclass({{ source | literal }}) AND t.tgfoid::regprocedure::text IN (
  SELECT own.filler FROM (
{% include 'layout/own_key.sql' %}
  ) AS own))