-- The table is in use and has every row, so whatever else is gone, nothing is lost: what is there is undone, and what is
-- not is told. Without its log every write to the table fails: then the triggers go first.
-- Lock, if the log is gone: ACCESS EXCLUSIVE on the table and its partitions, for an instant, and given up after lock_timeout.
{% from 'repartition/way_back/marks.sql' import of_target, of_log, in_step, of_back_log with context %}
{% set made = [] %}
{% if 'capture' in done %}
{% set made = made + [(log, 'table'), (log, 'function'), (back_log, 'function'), (sync, 'function')] %}
{% endif %}
{% if 'create_target' in done %}
{% set made = made + [(target, 'table')] %}
{% endif %}
{% if 'configure_partitions' in done %}
{% set partitions = namespace(names=[]) %}
{% from 'layout/branches.sql' import branches with context %}
{% for branch in branches %}
{% set partitions.names = partitions.names + [(branch.name, 'table')] %}
{% endfor %}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% for item in numbers %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
{% set partitions.names = partitions.names + [(partition, 'table')] %}
{% endfor %}
{% set made = made + partitions.names %}
{% endif %}
{% if 'prepare_way_back' in done %}
{% set made = made + [(back_log, 'table'), (back_sync, 'function'), (old, 'function')] %}
{% endif %}
DO $executor$
DECLARE
  gone text;
  moved text;
  failing text := '';
BEGIN
{% if done | reject('in', ['check', 'create_table', 'back_up', 'monitor']) | list %}
  IF to_regclass({{ source | literal }}) IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s is gone: somebody has dropped or renamed it%s', {{ source | string | literal }},
        coalesce(', perhaps to ' || ({% with logger = log %}{% include 'repartition/way_back/logged_tables.sql' %}{% endwith %}),
          CASE WHEN to_regnamespace(quote_ident({{ source.schema | literal }})) IS NULL THEN ', with its schema' END)),
      HINT = 'Nothing was changed: the rollback would drop the copy of its rows. If it was renamed, give it its name again. If it was dropped, bring it back'
        || CASE WHEN to_regclass({{ backup_table | literal }}) IS NULL THEN '' ELSE {{ (', such as by executor backups restore ' ~ backup_table.name ~ ' --into ' ~ source) | literal }} END
        || '. Then roll back again.';
  END IF;
{% endif %}
{% if 'capture' in done %}
  IF to_regclass({{ log | literal }}) IS NULL THEN
    failing := {{ (' Without its log every write to ' ~ source ~ ' has failed; its triggers are gone now, too.') | literal }};
{% for table in facts.tree %}
{% with schema = table.schema, name = table.name %}
{% include 'repartition/log/drop_triggers.sql' %}
{% endwith %}
{% endfor %}
  END IF;
{% endif %}
{% if made %}
  SELECT {% include 'tables/listed.sql' %}
  INTO gone
  FROM (
    SELECT format('%s %s', kind, name)
    FROM (VALUES
{% for name, kind in made %}
      ({{ kind | literal }}, {{ name | string | literal }}, {% if kind == 'table' %}to_regclass({{ name | literal }})::oid{% else %}to_regprocedure({{ (name ~ ('(boolean, integer, integer)' if name in [sync, back_sync] else '()')) | literal }})::oid{% endif %}){% if not loop.last %},{% endif %}

{% endfor %}
    ) AS made (kind, name, here)
    WHERE here IS NULL
  ) AS listed (name);
  IF gone IS NOT NULL THEN
    SELECT string_agg(format('%s is %s now', name, now), ', ' ORDER BY name, now) INTO moved
    FROM (
{% with tables = [(target, of_target), (log, of_log), (log, in_step), (back_log, of_back_log)] %}
{% include 'repartition/way_back/find.sql' %}
{% endwith %}
    ) AS found;
    RAISE WARNING USING MESSAGE = concat('dropped or renamed by somebody, so not undone: ', gone, '.', ' Renamed, and left as it is: ' || moved || '.', failing,
      {{ (' ' ~ source ~ ' has every row, so nothing of it is lost') | literal }});
  END IF;
{% endif %}
END
$executor$;
