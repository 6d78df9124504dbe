-- So that no run pays for what the one before has left to do.
VACUUM (FREEZE, ANALYZE) public.chunks;
ANALYZE public.collections, public.documents, public.chunking_configs;
{% include 'checkpoint.sql' %}
