{## The bound of the partition `item`, as the catalog prints it. ##}
FOR VALUES WITH (modulus {{ partition_count }}, remainder {{ item }})