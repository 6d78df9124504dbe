-- Lock: SHARE UPDATE EXCLUSIVE on the table and its partitions, which readers and writers don't notice.
SELECT set_config('lock_timeout', '10min', false);
ANALYZE {{ source | ident }};
