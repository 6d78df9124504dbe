{## How each branch is divided. ##}
PARTITION BY RANGE ({{ sub_key_column | ident }})