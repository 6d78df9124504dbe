-- Drops the views and functions that create_views has made for this table; what else bears such a name stays.
{% set body %}

DECLARE
  ours CONSTANT oid[] := ARRAY(SELECT made.oid FROM (
{% include 'health/watching.sql' %}
  ) AS made);
BEGIN
{% for view in ['partition_health', 'partition_distribution', 'partition_chunk_distribution', 'partition_size_distribution',
                'partition_stats', 'partition_health_summary', 'partition_hot_spots'] %}
  IF to_regclass(quote_ident({{ source.schema | literal }}) || '.' || {{ view | literal }})::oid = ANY (ours) THEN
    DROP VIEW {{ source.schema | ident }}.{{ view | ident }};
  END IF;
{% endfor %}
  IF to_regprocedure(quote_ident({{ source.schema | literal }}) || '.get_partition_for_collection(text)')::oid = ANY (ours) THEN
    DROP FUNCTION {{ source.schema | ident }}.get_partition_for_collection(text);
  END IF;
  IF to_regprocedure(quote_ident({{ source.schema | literal }}) || '.get_partition_key(text)')::oid = ANY (ours) THEN
    DROP FUNCTION {{ source.schema | ident }}.get_partition_key(text);
  END IF;
  IF to_regprocedure(quote_ident({{ source.schema | literal }}) || '.analyze_partition_skew()')::oid = ANY (ours) THEN
    DROP FUNCTION {{ source.schema | ident }}.analyze_partition_skew();
  END IF;
END
{% endset %}
DO {{ body | dollar_quoted }};
