{## That a key of the log belongs to the partitions that a pass takes: a condition, to be added to others. ##}

    AND coalesce(abs(hashtext({{ key_column | ident }}::text) % {{ partition_count }}) % executor_of, 0) = executor_part