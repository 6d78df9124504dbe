{## That a key of the log belongs to the partitions that a pass takes: a condition, to be added to others. ##}

    AND (executor_of = 1 OR EXISTS (SELECT FROM generate_series(executor_part, {{ partition_count - 1 }}, executor_of) AS executor_n
      WHERE satisfies_hash_partition({{ there | literal }}::regclass, {{ partition_count }}, executor_n, {{ key_column | ident }})))