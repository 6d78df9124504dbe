{## What follows the columns of the new table. ##}
{% include 'layout/range/partition_by.sql' %}