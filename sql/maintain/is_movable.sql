-- The default partition has rows that belong to partitions that can be made.
SELECT {{ (facts.missing | sum(attribute='rows') > 0) | literal }}
