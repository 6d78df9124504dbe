{## A statement whose values nobody knows. EXPLAIN (GENERIC_PLAN) would not say which partitions are left out at run time. -##}
PREPARE executor_query_{{ number }} AS {{ statement }};
