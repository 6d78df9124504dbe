{## How a table can be written to by somebody who knows nothing of it: by its key, and by a column of text that is in no index and
    in no constraint. -##}
WITH t AS (
  SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = {{ table.schema | literal }} AND c.relname = {{ table.name | literal }}
), keyed AS (
  SELECT i.indkey FROM t JOIN pg_index AS i ON i.indrelid = t.oid
  WHERE i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AND NOT EXISTS (
    SELECT FROM unnest(i.indkey) WITH ORDINALITY AS u (number, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.number
    WHERE u.place <= i.indnkeyatts AND NOT a.attnotnull)
  ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1
), col AS (
  SELECT a.attname::text AS name, a.attnum, a.attgenerated, a.atthasdef OR a.attidentity <> '' AS filled,
    coalesce((SELECT a.attnum = ANY (k.indkey) FROM keyed AS k), false) AS in_key,
    a.atttypid IN ('text'::regtype, 'varchar'::regtype) AND a.attgenerated = ''
      AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = t.oid AND (a.attnum = ANY (i.indkey) OR i.indexprs IS NOT NULL))
      AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = t.oid AND k.contype <> 'n' AND a.attnum = ANY (k.conkey)) AS free
  FROM t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
)
SELECT
  ARRAY(SELECT name FROM col WHERE in_key ORDER BY attnum) AS key,
  ARRAY(SELECT name FROM col WHERE attgenerated = '' ORDER BY attnum) AS columns,
  -- a new row gets these by itself
  ARRAY(SELECT name FROM col WHERE in_key AND filled ORDER BY attnum) AS filled,
  ARRAY(SELECT name FROM col WHERE NOT in_key AND attgenerated = '' ORDER BY free DESC, attnum LIMIT 1) AS written,
  EXISTS (SELECT FROM col WHERE free AND NOT in_key) AS is_text
