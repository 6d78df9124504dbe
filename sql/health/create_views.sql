-- Views and functions to watch the partitions by. Those that were made before are replaced. A name that something else
-- bears, such as what watches another table, is left to it, and the one of this table has the name of the table in
-- front. What was granted since stays when they are replaced.
CALL pg_temp.executor_begin_watching({{ now.watched | map(attribute='called') | list | literal }});
{% for table in now.watched | map(attribute='watches') | select | unique %}
{% set others = now.watched | selectattr('watches', 'equalto', table) | list %}
SELECT pg_temp.executor_warn({{ (others[0].name ~ (' and ' ~ (others | length - 1) ~ ' more exist already and watch ' if others | length > 1 else ' exists already and watches ') ~ table
  ~ '; what watches ' ~ source ~ ' has its name in front: ' ~ (others[0].called or 'nothing, for that is taken, too')) | literal }});
{% endfor %}
{% for other in now.watched if other.is_taken and other.watches is none %}
SELECT pg_temp.executor_warn({{ (other.name ~ ' exists already and does not watch ' ~ source ~ '; it is left as it is'
  ~ (', and what watches it is ' ~ other.called if other.called is not none else ', and so is ' ~ (source | suffix('_' ~ other.name)).name)) | literal }});
{% endfor %}
{% for view in ['partition_health', 'partition_distribution', 'partition_chunk_distribution',
                'partition_size_distribution', 'partition_stats', 'partition_health_summary'] %}
{% for watching in now.watched if watching.name == view and watching.called is not none %}

CREATE OR REPLACE VIEW {{ source.schema | ident }}.{{ watching.called | ident }} AS
{% include 'health/' ~ view ~ '.sql' %};
COMMENT ON VIEW {{ source.schema | ident }}.{{ watching.called | ident }} IS {{ ('Made by executor for ' ~ source ~ ': watches its partitions by the catalogs and counters, cheap to poll.') | literal }};
{% endfor %}
{% endfor %}
{% for watching in now.watched if watching.name == 'partition_hot_spots' and watching.called is not none %}

CREATE OR REPLACE VIEW {{ source.schema | ident }}.{{ watching.called | ident }} AS
{% with timed = now.columns | selectattr('name', 'equalto', 'created_at') | selectattr('is_time') | list %}
{% include 'health/partition_hot_spots.sql' %};
{% endwith %}
COMMENT ON VIEW {{ source.schema | ident }}.{{ watching.called | ident }} IS {{ ('Made by executor for ' ~ source ~ ': watches its partitions; reads the rows of the last week.') | literal }};
{% endfor %}
{% for watching in now.watched if watching.name == 'analyze_partition_skew' and watching.called is not none %}

CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.{{ watching.called | ident }}()
RETURNS TABLE (metric text, value numeric, status text, details text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $executor$
    WITH summary AS (
{% include 'health/partition_health_summary.sql' %}
    ), skew (metric, value, details) AS (
      SELECT 'row_distribution', max(row_skew), 'largest distance of a partition''s rows from an equal share' FROM summary
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
$executor$;
COMMENT ON FUNCTION {{ source.schema | ident }}.{{ watching.called | ident }}() IS {{ ('Made by executor for ' ~ source ~ ': how evenly the partitions are filled.') | literal }};
{% endfor %}
{% include 'layout/' ~ layout ~ '/lookup.sql' %}

CALL pg_temp.executor_end_watching();
