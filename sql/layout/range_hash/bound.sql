{## The bound of the partition `item` in its interval, as the catalog prints it. ##}
FOR VALUES WITH (modulus {{ sub_count }}, remainder {{ item % sub_count }})