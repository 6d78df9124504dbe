-- Views and functions to watch the partitions by. Those that were made before are replaced; a name that
-- something else bears is left to it, with a warning. New ones belong to the owner of the table, and whoever may
-- read the table may use them, whatever default privileges say; where row level security hides rows of it, that
-- is not for the views, which count them all. What was granted since stays when they are replaced.
{% set to = 'Made by executor for ' ~ source ~ ': ' %}
{% set timed = facts.columns | selectattr('name', 'equalto', 'created_at')
  | selectattr('bare_type_sql', 'in', ['timestamp with time zone', 'timestamp without time zone']) | list | length > 0 %}
{% set digits = [2, (partition_count - 1) | string | length] | max %}
{% set body %}

DECLARE
  made_before text[];
  left_alone text[];
  other text;
BEGIN
  SELECT coalesce(array_agg(name) FILTER (WHERE ours), '{}'), coalesce(array_agg(name) FILTER (WHERE taken), '{}')
  INTO made_before, left_alone
  FROM (
{% include 'health/named.sql' %}
  ) AS known;
  FOREACH other IN ARRAY left_alone LOOP
    RAISE WARNING '% exists already and does not watch %; it is left as it is', other, {{ source | string | literal }};
  END LOOP;
{% for view in ['partition_health', 'partition_distribution', 'partition_chunk_distribution', 'partition_size_distribution',
                'partition_stats', 'partition_health_summary', 'partition_hot_spots'] %}

  IF {{ view | literal }} <> ALL (left_alone) THEN
    CREATE OR REPLACE VIEW {{ source.schema | ident }}.{{ view | ident }} AS
{% include 'health/' ~ view ~ '.sql' %};
    COMMENT ON VIEW {{ source.schema | ident }}.{{ view | ident }} IS {{ (to ~ ('watches its partitions; reads the rows of the last week.'
      if view == 'partition_hot_spots' else 'watches its partitions by the catalogs and counters, cheap to poll.')) | literal }};
    IF {{ view | literal }} <> ALL (made_before) THEN
      CALL pg_temp.executor_keep_private({{ (source.schema | ident ~ '.' ~ view | ident) | literal }}, owner_of => {{ source | literal }});
{% for reader in facts.may_read if reader.sees_all %}
      GRANT SELECT ON {{ source.schema | ident }}.{{ view | ident }} TO {{ reader.role_sql }};
{% endfor %}
    END IF;
  END IF;
{% endfor %}

  IF 'analyze_partition_skew' <> ALL (left_alone) THEN
{% set function, arguments, about = 'analyze_partition_skew', '', 'how evenly the partitions are filled.' %}
    CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.analyze_partition_skew()
    RETURNS TABLE (metric text, value numeric, status text, details text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
{% set text %}

WITH summary AS (
{% include 'health/partition_health_summary.sql' %}
), skew (metric, value, details) AS (
  SELECT 'chunk_distribution', max(chunk_skew), 'largest distance of a partition''s rows from an equal share' FROM summary
  UNION ALL
  SELECT 'size_distribution', max(size_skew), 'largest distance of a partition''s size from an equal share' FROM summary
)
SELECT metric, value, CASE WHEN value >= 0.5 THEN 'CRITICAL' WHEN value >= 0.3 THEN 'WARNING' ELSE 'NORMAL' END, details
FROM skew
UNION ALL
SELECT 'partition_health', count(*), CASE WHEN count(*) > 0 THEN 'CRITICAL' ELSE 'NORMAL' END, 'partitions UNBALANCED'
FROM summary WHERE health_status = 'UNBALANCED'
UNION ALL
SELECT 'hot_partitions', count(*), CASE WHEN count(*) > 0 THEN 'WARNING' ELSE 'NORMAL' END, 'partitions HOT'
FROM (
{% include 'health/partition_health.sql' %}
) AS health WHERE partition_status = 'HOT'
{% endset %}
    AS {{ text | dollar_quoted }};
{% include 'health/share_function.sql' %}
  END IF;

  IF 'get_partition_key' <> ALL (left_alone) THEN
{% set function, arguments, about = 'get_partition_key', 'text', 'the number of the partition that holds a collection.' %}
    CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.get_partition_key(collection_id text)
    RETURNS integer
{% if routing == 'hash' %}
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
{% set text %}

-- the server's own test, asked for each partition; it wants the value in the type of the column
SELECT remainder FROM generate_series(0, {{ partition_count }} - 1) AS remainder
WHERE satisfies_hash_partition(to_regclass({{ source | literal }}), {{ partition_count }}, remainder, $1::
{%- for column in facts.columns if column.name == key_column %}{{ column.bare_type_sql }}{% endfor %})
{% endset %}
    AS {{ text | dollar_quoted }};
{% else %}
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN abs(hashtext(collection_id) % {{ partition_count }});
{% endif %}
{% include 'health/share_function.sql' %}

    IF 'get_partition_for_collection' <> ALL (left_alone) THEN
{% set function, arguments, about = 'get_partition_for_collection', 'text', 'the name of the partition that holds a collection.' %}
      CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.get_partition_for_collection(collection_id text)
      RETURNS text
      LANGUAGE sql STABLE
      RETURN {{ (source.name ~ '_part_') | literal }} || lpad({{ source.schema | ident }}.get_partition_key(collection_id)::text, {{ digits }}, '0');
{% include 'health/share_function.sql' %}
    END IF;
  END IF;
END
{% endset %}
DO {{ body | dollar_quoted }};
