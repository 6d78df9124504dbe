-- Views and functions to watch the partitions by. Those that were made before are replaced; a name that
-- something else bears is left to it, with a warning. New ones belong to the owner of the table, and whoever may
-- read the table may use them, whatever default privileges say; where row level security hides rows of it, that
-- is not for the views, which count them all. What was granted since stays when they are replaced.
DO $executor$
BEGIN
  PERFORM set_config('executor.watching', coalesce(string_agg(oid::text, ','), ''), true) FROM (
{% include 'health/watching.sql' %}
  ) AS made;
END
$executor$;
{% for view in ['partition_health', 'partition_distribution', 'partition_chunk_distribution',
                'partition_size_distribution', 'partition_stats', 'partition_health_summary'] %}

DO $executor$
BEGIN
{% include 'health/leave_taken_view.sql' %}
  CREATE OR REPLACE VIEW {{ source.schema | ident }}.{{ view | ident }} AS
{% include 'health/' ~ view ~ '.sql' %};
  COMMENT ON VIEW {{ source.schema | ident }}.{{ view | ident }} IS {{ ('Made by executor for ' ~ source ~ ': watches its partitions by the catalogs and counters, cheap to poll.') | literal }};
END
$executor$;
{% endfor %}
{% set view = 'partition_hot_spots' %}

DO $executor$
BEGIN
{% include 'health/leave_taken_view.sql' %}
  IF EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = {{ source | literal }}::regclass AND attname = 'created_at' AND NOT attisdropped
      AND atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype))
  THEN
    CREATE OR REPLACE VIEW {{ source.schema | ident }}.{{ view | ident }} AS
{% with timed = true %}
{% include 'health/partition_hot_spots.sql' %};
{% endwith %}
  ELSE
    CREATE OR REPLACE VIEW {{ source.schema | ident }}.{{ view | ident }} AS
{% with timed = false %}
{% include 'health/partition_hot_spots.sql' %};
{% endwith %}
  END IF;
  COMMENT ON VIEW {{ source.schema | ident }}.{{ view | ident }} IS {{ ('Made by executor for ' ~ source ~ ': watches its partitions; reads the rows of the last week.') | literal }};
END
$executor$;
{% set function, arguments = 'analyze_partition_skew', '' %}

DO $executor$
BEGIN
{% include 'health/leave_taken_function.sql' %}
  CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.{{ function | ident }}()
  RETURNS TABLE (metric text, value numeric, status text, details text)
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
  AS $function$
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
  $function$;
  COMMENT ON FUNCTION {{ source.schema | ident }}.{{ function | ident }}() IS {{ ('Made by executor for ' ~ source ~ ': how evenly the partitions are filled.') | literal }};
END
$executor$;
{% set function, arguments = 'get_partition_key', 'text' %}

DO $executor$
BEGIN
{% include 'health/leave_taken_function.sql' %}
{% if routing == 'hash' %}
  -- The server's own test, asked for each partition; it wants the value in the type of the column.
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION %I.%I(collection_id text) RETURNS integer LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS %L',
    {{ source.schema | literal }}, {{ function | literal }}, format($function$
      SELECT remainder FROM generate_series(0, {{ partition_count }} - 1) AS remainder
      WHERE satisfies_hash_partition(to_regclass(%L), {{ partition_count }}, remainder, $1::%s)
    $function$, {{ source | literal }}, (
      SELECT format_type(atttypid, NULL) FROM pg_attribute
      WHERE attrelid = {{ source | literal }}::regclass AND attname = {{ key_column | literal }})));
{% else %}
  CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.{{ function | ident }}(collection_id text)
  RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN abs(hashtext(collection_id) % {{ partition_count }});
{% endif %}
  COMMENT ON FUNCTION {{ source.schema | ident }}.{{ function | ident }}(text) IS {{ ('Made by executor for ' ~ source ~ ': the number of the partition that holds a collection.') | literal }};
END
$executor$;
{% set function, arguments = 'get_partition_for_collection', 'text' %}
{% set digits = [2, (partition_count - 1) | string | length] | max %}

DO $executor$
BEGIN
{% include 'health/leave_taken_function.sql' %}
{% with function = 'get_partition_key' %}
{% include 'health/leave_taken_function.sql' %}
{% endwith %}
  CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.{{ function | ident }}(collection_id text)
  RETURNS text
  LANGUAGE sql STABLE
  RETURN {{ (source.name ~ '_part_') | literal }} || lpad({{ source.schema | ident }}.get_partition_key(collection_id)::text, {{ digits }}, '0');
  COMMENT ON FUNCTION {{ source.schema | ident }}.{{ function | ident }}(text) IS {{ ('Made by executor for ' ~ source ~ ': the name of the partition that holds a collection.') | literal }};
END
$executor$;

DO $executor$
DECLARE
  owner regrole := (SELECT relowner FROM pg_class WHERE oid = {{ source | literal }}::regclass);
  item record;
BEGIN
  FOR item IN
    SELECT made.kind, made.name, made.owner,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM aclexplode(made.acl) AS a WHERE a.grantee <> made.owner) AS others,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM pg_class AS c, aclexplode(c.relacl) AS a
       WHERE c.oid = {{ source | literal }}::regclass AND a.grantee <> c.relowner AND a.privilege_type = 'SELECT'
         AND (made.kind = 'FUNCTION' OR NOT c.relrowsecurity)) AS readers
    FROM (
{% include 'health/watching.sql' %}
    ) AS made
    WHERE made.oid::text <> ALL (string_to_array(current_setting('executor.watching'), ','))
  LOOP
    IF item.others IS NOT NULL THEN
      EXECUTE format('REVOKE ALL ON %s %s FROM %s', CASE item.kind WHEN 'VIEW' THEN 'TABLE' ELSE item.kind END, item.name, item.others);
    END IF;
    IF item.owner <> owner THEN
      EXECUTE format('ALTER %s %s OWNER TO %s', item.kind, item.name, owner);
    END IF;
    IF item.readers IS NOT NULL THEN
      EXECUTE format(CASE item.kind WHEN 'VIEW' THEN 'GRANT SELECT ON %s TO %s' ELSE 'GRANT EXECUTE ON FUNCTION %s TO %s' END,
                     item.name, item.readers);
    END IF;
  END LOOP;
END
$executor$;
