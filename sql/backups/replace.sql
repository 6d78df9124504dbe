-- Puts the restored table in the place of the live one, which is kept under another name.
-- Owner, grants, policies, triggers and rules of the table come along, and what reads it. Ids go on.
-- Lock: backups/replace_lock.sql has taken them.

{% from 'layout/own.sql' import own with context %}
CREATE TEMPORARY TABLE swap_pairs (kind text, name name, kept name, leaving oid, arriving oid) ON COMMIT DROP;
INSERT INTO pg_temp.swap_pairs VALUES (
  'TABLE', {{ live.name | literal }}, {{ kept.name | literal }}, {{ live | literal }}::regclass, {{ target | literal }}::regclass);
INSERT INTO pg_temp.swap_pairs
SELECT 'SEQUENCE', here.relname, here.relname, here.oid, there.oid
FROM (
{% with relation = live %}
{% include 'backups/id_sequences.sql' %}
{% endwith %}
) AS before
JOIN (
{% with relation = target %}
{% include 'backups/id_sequences.sql' %}
{% endwith %}
) AS after USING (name)
JOIN pg_class AS here ON here.oid = before.sequence
JOIN pg_class AS there ON there.oid = after.sequence;

{% with source = live, side = 'leaving', accept = [], log = none, back_log = none %}
CREATE TEMPORARY TABLE swap_properties ON COMMIT DROP AS
{% include 'tables/properties.sql' %};
{% include 'tables/properties_of_arriving.sql' %}

{% include 'tables/readers.sql' %}

{% with written = [live], read = [], called = [] %}
{% include 'security/refuse_foreign_code.sql' %}
{% endwith %}
{% include 'tables/readers_same.sql' %}
{% endwith %}

-- Whatever has a name that the restored table shall have steps aside, if it belongs to the table.
DO $executor$
DECLARE
  item record;
  here record;
  there record;
BEGIN
  FOR item IN
    SELECT n.*, c.oid AS there, long.name AS kept,
      CASE WHEN n.name = {{ live.name | literal }} THEN {{ kept.name | literal }}
        ELSE ({% include 'tables/short_name.sql' %})::text END AS kept_name
    FROM pg_temp.restored_names AS n
    LEFT JOIN pg_class AS c ON c.oid = to_regclass(format('%I.%I', {{ live.schema | literal }}, n.name))
    CROSS JOIN LATERAL (SELECT n.name || {{ ending | literal }}) AS long (name)
    WHERE n.kind <> 'STATISTICS'
    ORDER BY n.kind = 'TABLE' DESC, n.name = {{ live.name | literal }} DESC
  LOOP
    IF item.there IS NOT NULL THEN
      IF item.name <> {{ live.name | literal }} AND NOT EXISTS (
        SELECT FROM pg_class AS c
        LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
        LEFT JOIN pg_depend AS d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
        WHERE c.oid = item.there AND coalesce(i.indrelid, d.refobjid, c.oid) IN (
          SELECT p.leaving FROM pg_temp.swap_pairs AS p WHERE p.kind = 'TABLE'
          UNION SELECT tree.relid FROM pg_temp.swap_pairs AS p CROSS JOIN pg_partition_tree(p.leaving::regclass) AS tree WHERE p.kind = 'TABLE'))
      THEN
        RAISE EXCEPTION USING MESSAGE = format('%I.%I is in the way: the restored table needs its name', {{ live.schema | literal }}, item.name),
          HINT = 'Nothing was replaced. Rename it, or restore into a new table.';
      END IF;
      EXECUTE format('ALTER %s %s RENAME TO %I', item.kind, item.there::regclass, item.kept_name);
    END IF;
    EXECUTE format('ALTER %s %I.%I RENAME TO %I', item.kind, {{ live.schema | literal }}, item.new_name, item.name);
  END LOOP;

  FOR item IN
    SELECT n.* FROM pg_temp.restored_names AS n WHERE n.kind = 'STATISTICS'
  LOOP
    item.schema := coalesce(item.schema, {{ live.schema | literal }});
    IF EXISTS (SELECT FROM pg_statistic_ext WHERE stxname = item.name AND stxnamespace = to_regnamespace(quote_ident(item.schema))) THEN
      EXECUTE format('ALTER STATISTICS %I.%I RENAME TO %I', item.schema, item.name, left(md5(item.name), 8) || {{ ending | literal }});
    END IF;
    EXECUTE format('ALTER STATISTICS %I.%I RENAME TO %I', item.schema, item.new_name, item.name);
  END LOOP;

  -- a sequence that has another name by now gives that name to the one that comes
  FOR item IN
    SELECT p.name, p.leaving::regclass AS leaving, p.arriving::regclass AS arriving, {% include 'tables/short_name.sql' %} AS kept_name
    FROM pg_temp.swap_pairs AS p
    JOIN pg_class AS l ON l.oid = p.leaving AND l.relname = p.name
    CROSS JOIN LATERAL (SELECT p.name || {{ ending | literal }}) AS long (name)
    WHERE p.kind = 'SEQUENCE'
  LOOP
    EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', item.leaving, item.kept_name);
    EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', item.arriving, item.name);
  END LOOP;

  -- Ids go on where the table in use was, if that is further. A sequence that begins anew at its end has no such
  -- order, and goes on where it was.
  FOR item IN
    SELECT p.arriving::regclass AS arriving, p.leaving::regclass AS leaving, s.*
    FROM pg_temp.swap_pairs AS p
    JOIN pg_sequence AS s ON s.seqrelid = p.arriving
    WHERE p.kind = 'SEQUENCE'
  LOOP
    EXECUTE format('SELECT last_value, is_called, seqcycle FROM %s, pg_sequence WHERE seqrelid = %s', item.leaving, item.leaving::oid) INTO here;
    EXECUTE format('SELECT last_value, is_called FROM %s', item.arriving) INTO there;
    IF item.seqcycle OR here.seqcycle OR (CASE
      WHEN here.last_value = there.last_value THEN here.is_called
      WHEN item.seqincrement > 0 THEN here.last_value > there.last_value
      ELSE here.last_value < there.last_value END)
    THEN
      IF here.last_value NOT BETWEEN item.seqmin AND item.seqmax THEN
        RAISE EXCEPTION USING
          MESSAGE = format('the ids of %s are at %s, and the sequence of the backup ends at %s', {{ live | literal }}::text, here.last_value,
            CASE WHEN here.last_value > item.seqmax THEN item.seqmax ELSE item.seqmin END),
          HINT = 'Nothing was replaced. Restore into a new table.';
      END IF;
      PERFORM setval(item.arriving, here.last_value, here.is_called);
    END IF;
  END LOOP;

  -- The others that the table owned, and that do not draw its ids any more, are used by name: they stay with it.
  FOR item IN
    SELECT d.objid::regclass AS sequence, a.attname
    FROM pg_depend AS d
    JOIN pg_sequence AS s ON d.classid = 'pg_class'::regclass AND s.seqrelid = d.objid
    JOIN pg_attribute AS old ON old.attrelid = d.refobjid AND old.attnum = d.refobjsubid
    JOIN pg_temp.swap_pairs AS p ON p.kind = 'TABLE' AND p.leaving = d.refobjid
    JOIN pg_attribute AS a ON a.attrelid = p.arriving AND a.attname = old.attname AND NOT a.attisdropped
    WHERE d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
      AND d.objid NOT IN (SELECT q.leaving FROM pg_temp.swap_pairs AS q WHERE q.kind = 'SEQUENCE')
  LOOP
    EXECUTE format('ALTER SEQUENCE %s OWNED BY %s.%I', item.sequence, (SELECT p.arriving::regclass FROM pg_temp.swap_pairs AS p WHERE p.kind = 'TABLE'), item.attname);
  END LOOP;
END
$executor$;

{% with source = live, arriving = target, leaving = kept %}
{% include 'tables/apply_properties.sql' %}
{% endwith %}

DO $executor$
DECLARE
  item record;
BEGIN
  -- What fills its own column has the name by which a run would know it; that of the table that is kept steps aside.
  FOR item IN
    SELECT f.oid::regprocedure AS function, t.tgrelid = {{ kept | literal }}::regclass AS leaves
    FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
    WHERE {% include 'layout/fills_own.sql' %}

      AND t.tgparentid = 0 AND f.pronamespace = to_regnamespace(quote_ident({{ live.schema | literal }}))
      AND (t.tgrelid = {{ kept | literal }}::regclass AND f.proname = {{ (live | suffix(own.filler)).name | literal }}
        OR t.tgrelid = {{ live | literal }}::regclass AND f.proname = {{ (target | suffix(own.filler)).name | literal }})
    ORDER BY leaves DESC
  LOOP
    IF item.leaves OR to_regprocedure(format('%I.%I()', {{ live.schema | literal }}, {{ (live | suffix(own.filler)).name | literal }})) IS NULL THEN
      EXECUTE format('ALTER FUNCTION %s RENAME TO %I', item.function,
        CASE WHEN item.leaves THEN {{ (live | suffix(own.filler ~ '_kept_' ~ timestamp)).name | literal }} ELSE {{ (live | suffix(own.filler)).name | literal }} END);
    END IF;
  END LOOP;
END
$executor$;

COMMENT ON TABLE {{ kept | ident }} IS {{ ('Replaced by executor (backup ' ~ name ~ ', run ' ~ timestamp ~ ') and kept.') | literal }};
