{## How the new table is partitioned. -##}
LIST