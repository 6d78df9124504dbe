{## What follows the columns of the new table. ##}
{% include 'layout/list/partition_by.sql' %}