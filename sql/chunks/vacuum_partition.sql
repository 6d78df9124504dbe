-- Freezes the rows and sets the visibility map, so that neither an anti-wraparound storm nor slow
-- index-only scans follow the swap.
{% from 'chunks/partition.sql' import partition with context %}
VACUUM (FREEZE) {{ partition | ident }};
