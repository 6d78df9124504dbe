{## What follows the columns of the new table. ##}
PARTITION BY HASH ({{ key_column | ident }})