{## What follows the columns of the new table. ##}
PARTITION BY LIST ({{ key_column | ident }})