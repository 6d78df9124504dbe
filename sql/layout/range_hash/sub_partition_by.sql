{## How each interval is divided. ##}
PARTITION BY HASH ({{ sub_key_column | ident }})