-- What the table needs to come back, and to bring along every row that was written since: where that is gone it is said
-- before anything is changed, with what it means for the data. What can be done without is named, to be given up by that
-- name; it is mended as far as the rows of both tables allow, and the step `end_capture` compares them.
-- Lock, if the log was given up: ACCESS EXCLUSIVE on the table in use and its partitions, short, given up after lock_timeout.
{% from 'repartition/way_back/marks.sql' import of_back_log, of_old with context %}
{% from 'repartition/way_back/given_up.sql' import log_too, numbers with context %}
{% set nothing = 'Nothing was changed. ' if 'retain' in done else 'Nothing was changed. First let executor run go forward to its end: a rollback from there compares both tables. ' %}
DO {% set body %}

DECLARE
  missing integer[] := {% include 'repartition/way_back/missing_partitions.sql' %};
  what text;
  gone text;
  now text;
  parent text;
  other text;
BEGIN
  IF to_regclass({{ source | literal }}) IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s, the table in use, is gone: somebody has dropped or renamed it%s', {{ source | string | literal }},
        coalesce(', perhaps to ' || ({% with logger = back_log %}{% include 'repartition/way_back/logged_tables.sql' %}{% endwith %}),
          CASE WHEN to_regnamespace(quote_ident({{ source.schema | literal }})) IS NULL THEN ', with its schema' END)),
      HINT = {{ ('Nothing was changed. Give it its name again, then roll back again. If it was dropped, ' ~ old ~ ' has the rows as they were when it was replaced,'
                 ' and what was written since is lost: rename that to ' ~ source.name ~ ' by hand.') | literal }};
  END IF;

  SELECT name, string_agg(present.now, ', ') INTO gone, now
  FROM (
{% with tables = [(old, of_old), (back_log, of_back_log)] %}
{% include 'repartition/way_back/find.sql' %}
{% endwith %}
  ) AS present
  GROUP BY name ORDER BY name LIMIT 1;
  IF gone IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s, which the way back needs, was renamed by somebody: it is %s now', gone, now),
      HINT = format('Nothing was changed. Give it its name and its schema again (ALTER TABLE %s RENAME TO ..., SET SCHEMA ...), then roll back again.', now);
  END IF;

  IF to_regclass({{ old | literal }}) IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ (old ~ ", the table that would come back, is gone: somebody has dropped it, and the swap can't be undone any more") | literal }},
      HINT = {{ ('Nothing was changed, and ' ~ source ~ ' has every row. ') | literal }} || CASE WHEN to_regclass({{ backup_table | literal }}) IS NULL
        THEN 'There is no backup of the table as it was, either.'
        ELSE {{ ('The rows as they were when the run began, without what was written since, are in the backup: executor backups restore ' ~ backup_table.name ~ '.') | literal }} END
        || {{ (' How to drop ' ~ back_log ~ ' and its triggers, which nobody needs any more, says docs/guide.md (Cleaning up after the retention).') | literal }};
  END IF;

  -- what came since the swap is bound to the old table by its text
  SELECT string_agg(DISTINCT format('%s %s', object.type, object.identity), ', '), string_agg(DISTINCT quote_ident(a.attname), ', ') INTO what, other
  FROM pg_attribute AS a
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
    AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass)
  LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
  LEFT JOIN pg_policy AS p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
  CROSS JOIN LATERAL (SELECT r.rulename IS NOT DISTINCT FROM '_RETURN') AS of_view (is_so)
  CROSS JOIN pg_identify_object(CASE WHEN of_view.is_so THEN 'pg_class'::regclass ELSE d.classid END,
                                CASE WHEN of_view.is_so THEN r.ev_class ELSE d.objid END, 0) AS object
  WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attnum > 0
    AND NOT EXISTS (SELECT FROM pg_attribute AS had WHERE had.attrelid = to_regclass({{ old | literal }}) AND had.attname = a.attname AND NOT had.attisdropped)
    -- ON CONFLICT DO UPDATE depends on all columns, and works without this one
    AND concat_ws(' ', CASE WHEN of_view.is_so THEN pg_get_viewdef(r.ev_class) ELSE pg_get_ruledef(r.oid) END,
      CASE WHEN d.classid = 'pg_proc'::regclass THEN pg_get_function_sqlbody(d.objid) END,
      pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
      ~ ('(?<![[:alnum:]_$])' || regexp_replace(quote_ident(a.attname), '([^[:alnum:]_])', '\\\1', 'g') || '(?![[:alnum:]_$])');
  IF what IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s came since the swap, with %s, which %s has not', what, other, {{ old | string | literal }}),
      HINT = 'Nothing was changed. Drop what names it, and make it again without it after the rollback; a view with SELECT * names all columns.';
  END IF;

  -- a partition that is detached is somebody's decision about its rows
  SELECT part.name, part.bound, part.parent, said.bound INTO what, now, parent, other
  FROM (
{% include 'repartition/way_back/partitions.sql' %}
  ) AS part
  CROSS JOIN LATERAL (
    SELECT (SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_class AS c
            WHERE c.oid = part.here AND c.oid IN (SELECT relid FROM pg_partition_tree(to_regclass({{ source | literal }}))))
  ) AS said (bound)
  WHERE number = ANY (missing) AND here IS NOT NULL
  ORDER BY number LIMIT 1;
  IF other IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s holds %s, where the run had made it %s', what, other, now),
      HINT = 'Nothing was changed. Was a label of the enum renamed since? Then give it its name of before (ALTER TYPE ... RENAME VALUE), roll back, and rename it again. '
        'Else detach the partition, and attach it as it was.';
  ELSIF what IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s is a partition of %s no more: somebody has detached it', what, parent),
      HINT = format('Nothing was changed. Attach it again, and roll back again: ALTER TABLE %s ATTACH PARTITION %s %s. Or drop it, if what was written to it may be lost.',
                    parent, what, now);
  END IF;
  SELECT string_agg(name, ', ' ORDER BY number), string_agg('--accept ' || name, ' ' ORDER BY number) INTO what, now
  FROM (
    SELECT name, min(number) AS number FROM (
{% include 'repartition/way_back/partitions.sql' %}
    ) AS part
    WHERE number = ANY (missing) AND NOT given_up GROUP BY name) AS lost;
  IF what IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s is gone, with its rows: somebody has dropped it, or has detached and renamed it', what),
      HINT = {{ nothing | literal }} || format('What was written to it since the swap can''t come along; its rows as they were at the swap are in %s, and a rollback that gives it up brings these back: executor rollback %s',
                    {{ old | string | literal }}, now);
  END IF;
  SELECT string_agg(name, ', ') INTO what
  FROM unnest({{ given_up | literal }}::text[]) AS name
  WHERE name NOT IN ({{ back_log | string | literal }}, {{ back_log.name | literal }}) AND name NOT IN (
    SELECT unnest(ARRAY[part.name, part.short, part.branch, part.short_branch]) FROM (
{% include 'repartition/way_back/partitions.sql' %}
    ) AS part WHERE number = ANY (missing));
  IF what IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('--accept %s: there is nothing of that name for the rollback to give up', what),
      HINT = {{ ('Nothing was changed. It can give up a partition that is gone, or the log for the way back, ' ~ back_log ~ '.') | literal }};
  END IF;

  -- the log of what was written since
  SELECT string_agg(relation::text, ', ' ORDER BY relation) INTO what
  FROM (
{% with logger = back_log, relation = source %}
{% include 'repartition/log/silent_tables.sql' %}
{% endwith %}

  ) AS silent;
{% if not log_too %}
  IF to_regclass({{ back_log | literal }}) IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ (back_log ~ ', the log of what was written since the swap, is gone: somebody has dropped it') | literal }},
      HINT = {{ (nothing ~ 'As long as its triggers are there every write to ' ~ source ~ ' fails. Which rows were written is not known any more. A rollback that gives the log up compares both tables, '
                 'and takes every row as it is in ' ~ source ~ ', also where somebody has written to ' ~ old ~ ': executor rollback --accept ' ~ back_log) | literal }};
  ELSIF what IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('the triggers executor_insert, _update, _delete and _truncate, which log what is written, are not all at work on %s', what),
      HINT = {{ (nothing ~ 'Enable them with ALTER TABLE ... ENABLE ALWAYS TRIGGER, or move the rows of a partition that has none and detach it; then roll back again. '
                 'What was written meanwhile is in no log. A rollback that gives the log up makes them anew, compares both tables, and takes every row as it is in '
                 ~ source ~ ': executor rollback --accept ' ~ back_log) | literal }};
  END IF;
{% endif %}
{% if given_up and 'retain' not in done %}
  RAISE EXCEPTION USING MESSAGE = {{ ('what is gone can be given up where both tables are compared: ' ~ given_up | join(', ')) | literal }}, HINT = {{ nothing | literal }};
{% endif %}
{% if 'end_capture' not in done %}
  IF to_regprocedure({{ (sync ~ '(boolean, integer, integer)') | literal }}) IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ (sync ~ ', which brings the old table in step, is gone: somebody has dropped it') | literal }}, HINT = {{ (nothing ~ 'That makes it anew.') | literal }};
  END IF;
{% endif %}
{% if log_too %}

  -- it is there again, and all triggers are at work, before both tables are compared: nothing is written past it
  LOCK TABLE {{ source | ident }} IN ACCESS EXCLUSIVE MODE;
  IF to_regclass({{ back_log | literal }}) IS NULL THEN
{% with keys = back_log %}
    {% include 'repartition/log/create_keys.sql' %}
{% endwith %}

    COMMENT ON TABLE {{ back_log | ident }} IS {{ of_back_log | literal }};
  END IF;
{% with relation = back_log %}
  -- the table may have another owner by now
  {% include 'security/private.sql' %}
{% endwith %}
{% with keys = back_log, logger = back_log, aside = false, replaces = 'perhaps', owners = now.owner %}
  {% include 'repartition/log/create.sql' %}
{% endwith %}

{% with schema = source.schema, name = source.name, logger = back_log %}
  {% include 'repartition/log/drop_triggers.sql' %}
  {% include 'repartition/log/create_triggers.sql' %}
{% endwith %}
{% from 'layout/branches.sql' import branches with context %}
{% from 'repartition/target/holders.sql' import holders with context %}
{% for partition in branches | map(attribute='name') | list + holders %}
  IF EXISTS (SELECT FROM pg_partition_tree({{ source | literal }}::regclass) WHERE relid = to_regclass({{ partition | literal }})) THEN
{% with schema = partition.schema, name = partition.name, logger = back_log %}
    {% include 'repartition/log/drop_triggers.sql' %}
    {% include 'repartition/log/create_triggers.sql' %}
{% endwith %}
  END IF;
{% endfor %}
  RAISE WARNING USING MESSAGE = {{ ('what was written since the swap is not known by ' ~ back_log ~ ', but by comparing both tables: every row is as it is in ' ~ source) | literal }};
{% endif %}
{% for item in numbers %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
  RAISE WARNING USING MESSAGE = {{ ('the rows of ' ~ partition ~ ' are as they were at the swap: what was written to it since is lost') | literal }};
{% endfor %}
END
{% endset %}{{ body | dollar_quoted }};
