{## Whether the table `c` has this layout already: it has no partitions. ##}
c.relkind = 'r'