-- Rows of the default partition get partitions of their own, in one transaction, so that statements see each of them
-- once: as many at a time as can be exchanged within max_lock, and when nobody goes on with a snapshot from before. Nothing is
-- deleted, so no trigger fires, no key cascades, and no subscriber loses a row: all rows are copied to new tables, the
-- partitions and another default partition, which then take the place of the old one.
-- Lock: SHARE ROW EXCLUSIVE on the table and its default partition while at most max_rows rows are copied: writers wait,
-- readers don't. Then ACCESS EXCLUSIVE on both, for what the catalogs alone have to say: a statement that had begun to
-- plan with the old partitions would look for the rows where they are no more.
{% set old = facts.table[0].default_relation | name %}
{% set arriving = facts.missing | selectattr('rows') | selectattr('batch', 'equalto', item) | list %}
-- A reader who holds the table now, or who would not see the rows afterwards, would make the copy vain, for which writers wait:
-- nothing is begun before he is gone.
DO {% set body %}

BEGIN
  LOCK TABLE ONLY {{ source | ident }} IN ACCESS EXCLUSIVE MODE;
  RAISE EXCEPTION USING ERRCODE = 'EX003';
EXCEPTION WHEN SQLSTATE 'EX003' THEN
  NULL;  -- and with it goes the lock
END
{% endset %}{{ body | dollar_quoted }};
{% with beside = none, when = 'locked' %}
{% include 'tables/no_snapshots_before.sql' %}
{% endwith %}
{% include 'maintain/steady.sql' %}
-- Columns, rights, triggers and the like of the default partition may have come while the lock was waited for; from here on none do.
DO {% set body %}

DECLARE
  executor_why text;
BEGIN
  IF (SELECT array_agg(name) FROM ({% include 'maintain/facts/columns.sql' %}) AS now) IS DISTINCT FROM {{ facts.columns | map(attribute='name') | list | literal }}::text[] THEN
    executor_why := 'the table has other columns by now';
  ELSE
    executor_why := (
{% include 'maintain/with.sql' %}

      SELECT string_agg(why.said, ', and ') FROM (
{% include 'maintain/not_movable.sql' %}
      ) AS why (said));
  END IF;
  IF executor_why IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of the default partition can''t be moved: ' || executor_why, HINT = 'Nothing was moved. Run it again.';
  END IF;
END
{% endset %}{{ body | dollar_quoted }};

{% for each in arriving %}
{% with made = each.relation | name, check_sql = each.check_sql %}
{% include 'maintain/create.sql' %}
{% endwith %}
{% endfor %}
{% with made = new_default, check_sql = none %}
{% include 'maintain/create.sql' %}
{% endwith %}
{% with written = [new_default] + (arriving | map(attribute='relation') | map('name') | list), read = [old], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

LOCK TABLE ONLY {{ source | ident }} IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE {{ old | ident }} IN SHARE ROW EXCLUSIVE MODE;
DO {% set body %}

DECLARE
  executor_all bigint;
  executor_copied bigint;
  executor_moved bigint := 0;
BEGIN
  SELECT count(*) INTO executor_all FROM {{ old | ident }};
  IF executor_all > {{ max_rows }} + 1000 THEN
    RAISE EXCEPTION USING MESSAGE = format('the default partition has %s rows by now, and max_rows is {{ max_rows }}', executor_all),
      HINT = 'Give more by --var max_rows in a quiet hour, as writers wait while they are copied.';
  END IF;
{% for each in arriving %}
  INSERT INTO {{ each.relation | name | ident }} ({% include 'maintain/columns.sql' %}) OVERRIDING SYSTEM VALUE
  SELECT {% include 'maintain/columns.sql' %} FROM {{ old | ident }} WHERE {{ each.check_sql }};
  GET DIAGNOSTICS executor_copied = ROW_COUNT;
  executor_moved := executor_moved + executor_copied;
{% endfor %}
  INSERT INTO {{ new_default | ident }} ({% include 'maintain/columns.sql' %}) OVERRIDING SYSTEM VALUE
  SELECT {% include 'maintain/columns.sql' %} FROM {{ old | ident }}
  WHERE {% for each in arriving %}({{ each.check_sql }}) IS NOT TRUE{% if not loop.last %} AND {% endif %}{% endfor %};
  GET DIAGNOSTICS executor_copied = ROW_COUNT;
  IF executor_moved + executor_copied <> executor_all THEN
    RAISE EXCEPTION 'of % rows of the default partition % were copied', executor_all, executor_moved + executor_copied;
  END IF;
  PERFORM set_config('executor.rows', executor_moved::text, true);
END
{% endset %}{{ body | dollar_quoted }};

{% for made in (arriving | map(attribute='relation') | map('name') | list) + [new_default] %}
{% include 'maintain/log.sql' %}
{% endfor %}
{% with taken = source, beside = none, when = 'locked' %}
{% include 'maintain/take.sql' %}
{% include 'tables/no_snapshots_before.sql' %}
{% endwith %}
{% include 'repartition/swap/clock.sql' %}
ALTER TABLE {{ source | ident }} DETACH PARTITION {{ old | ident }};
{% for each in arriving %}
ALTER TABLE {{ source | ident }} ATTACH PARTITION {{ each.relation | name | ident }} {{ each.bound_sql }};
ALTER TABLE {{ each.relation | name | ident }} DROP CONSTRAINT executor_bounds;
{% include 'repartition/swap/clock.sql' %}
{% endfor %}
DROP TABLE {{ old | ident }};
{% set like = facts.newest | first | default({'parts': [], 'own_keys': []}) %}
{% for suffix in [''] + (like.parts | map(attribute='suffix') | list) %}
{% set made, named = (new_default | suffix(suffix), old | suffix(suffix)) if suffix else (new_default, old) %}
{% if old.schema != new_default.schema %}
ALTER TABLE {{ made | ident }} SET SCHEMA {{ old.schema | ident }};
{% endif %}
ALTER TABLE {{ old.schema | ident }}.{{ made.name | ident }} RENAME TO {{ named.name | ident }};
{% for key in like.own_keys if key.suffix == suffix %}
ALTER INDEX {{ old.schema | ident }}.{{ (made.name ~ '_' ~ key.stem) | short_name | ident }} RENAME TO {{ (named.name ~ '_' ~ key.stem) | short_name | ident }};
{% endfor %}
{% endfor %}
ALTER TABLE {{ source | ident }} ATTACH PARTITION {{ old.schema | ident }}.{{ old.name | ident }} DEFAULT;
{% include 'repartition/swap/clock.sql' %}
{% with beside = none, when = 'ending' %}
{% include 'tables/no_snapshots_before.sql' %}
{% endwith %}
