{## What follows the columns of the new table. ##}
PARTITION BY RANGE ({{ key_column | ident }})