-- A partition that is partitioned itself lacks an index.
SELECT {{ (facts.lacking | selectattr('is_parted') | list | length > 0) | literal }}
