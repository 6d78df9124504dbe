{## The bound of the partition `item`, as the catalog prints it. ##}
FOR VALUES IN ({{ item }})