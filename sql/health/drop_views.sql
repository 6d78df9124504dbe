-- Drops the views and functions that create_views has made for this table; what else bears such a name stays.
{% set body %}

DECLARE
  made CONSTANT text[] := ARRAY(
    SELECT known.name FROM (
{% include 'health/named.sql' %}
    ) AS known
    WHERE known.ours);
BEGIN
{% for name in ['partition_health', 'partition_distribution', 'partition_chunk_distribution', 'partition_size_distribution',
                'partition_stats', 'partition_health_summary', 'partition_hot_spots'] %}
  IF {{ name | literal }} = ANY (made) THEN DROP VIEW {{ source.schema | ident }}.{{ name | ident }}; END IF;
{% endfor %}
  IF 'get_partition_for_collection' = ANY (made) THEN DROP FUNCTION {{ source.schema | ident }}.get_partition_for_collection(text); END IF;
  IF 'get_partition_key' = ANY (made) THEN DROP FUNCTION {{ source.schema | ident }}.get_partition_key(text); END IF;
  IF 'analyze_partition_skew' = ANY (made) THEN DROP FUNCTION {{ source.schema | ident }}.analyze_partition_skew(); END IF;
END
{% endset %}
DO {{ body | dollar_quoted }};
