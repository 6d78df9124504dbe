{## What follows the columns of the new table. ##}
PARTITION BY LIST ({% if routing == 'expression' %}({% include 'layout/list_by_hash/key.sql' %}){% else %}partition_key{% endif %})