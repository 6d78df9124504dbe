-- Drops the views and functions that create_views has made for this table; what else bears such a name stays.
{% set body %}

DECLARE
  ours CONSTANT oid[] := ARRAY(SELECT made.oid FROM (
{% include 'health/watching.sql' %}
  ) AS made);
BEGIN
{% for view in ['partition_health', 'partition_distribution', 'partition_chunk_distribution', 'partition_size_distribution',
                'partition_stats', 'partition_health_summary', 'partition_hot_spots'] %}
{% for name in [view, (source | suffix('_' ~ view)).name] %}
  IF to_regclass(quote_ident({{ source.schema | literal }}) || '.' || quote_ident({{ name | literal }}))::oid = ANY (ours) THEN
    DROP VIEW {{ source.schema | ident }}.{{ name | ident }};
  END IF;
{% endfor %}
{% endfor %}
{% for function, arguments in [('get_partition_for_collection', 'text'), ('get_partition_key', 'text'), ('analyze_partition_skew', '')] %}
{% for name in [function, (source | suffix('_' ~ function)).name] %}
  IF to_regprocedure(format('%I.%I(%s)', {{ source.schema | literal }}, {{ name | literal }}, {{ arguments | literal }}))::oid = ANY (ours) THEN
    DROP FUNCTION {{ source.schema | ident }}.{{ name | ident }}({% if arguments %}text{% endif %});
  END IF;
{% endfor %}
{% endfor %}
END
{% endset %}
DO {{ body | dollar_quoted }};
