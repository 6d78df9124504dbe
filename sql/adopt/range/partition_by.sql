{## How the new table is partitioned. -##}
RANGE