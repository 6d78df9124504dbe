{## Why a column, the record `item` of columns_asked.sql, can't become what the plan makes of it, as far as the catalog says: an
    expression, null where nothing is in the way. -##}
CASE
      WHEN item.expression IS NULL AND item.attnum IS NULL THEN 'the table has no such column'
      WHEN item.dropped AND item.is_key THEN 'rows are known by it, so it stays'
      WHEN item.dropped AND item.bound IS NOT NULL THEN format('it can''t be left out while there is %s; drop that first', item.bound)
      WHEN item.dropped AND item.attacl IS NOT NULL THEN 'roles have rights on it; revoke them first'
      WHEN item.dropped AND item.attnotnull AND item.default_value IS NULL
        THEN 'it is NOT NULL: say default: ..., which a rollback gives to rows that were written after the swap, or drop the NOT NULL'
      WHEN item.dropped THEN NULL
      WHEN item.type IS NOT NULL AND item.new IS NULL THEN format('%s is no type', item.type)
      WHEN item.type ~ '[(]' AND item.new NOT IN ('varchar'::regtype, 'bpchar'::regtype, 'numeric'::regtype)
        THEN format('%s: a length or precision is understood of varchar, char and numeric', item.type)
      WHEN item.type ~ '[(]' AND item.modifier = '' THEN format('%s: a length or precision is a number, or two', item.type)
      WHEN item.new = 'bpchar'::regtype AND item.modifier = '' AND item.type !~* 'bpchar' THEN format('%s: say how long, such as char(1)', item.type)
      WHEN item.new >= 16384 THEN format('%s: types of PostgreSQL itself only', item.type)
      WHEN (item.storage <> 'plain' OR item.compression IS NOT NULL) AND NOT item.can_be_large THEN 'values of its type are always stored as they are'
      WHEN coalesce(item.storage, item.compression) IS NOT NULL AND item.expression IS NULL AND item.old >= 16384
        THEN 'only values of PostgreSQL''s own types are stored anew'
      WHEN item.compression = 'lz4' AND NOT (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression')
        THEN 'this server was built without lz4'
      WHEN item.expression IS NOT NULL THEN NULL
      WHEN item.attgenerated <> '' THEN 'it is generated, and is what its expression says; leave it out'
      WHEN item.type IS NULL THEN NULL
      WHEN NOT item.can_be_cast THEN format('%s: PostgreSQL itself does not assign %s to it', item.new_type, item.old_type)
      WHEN item.is_key AND item.old_type <> item.new_type AND NOT item.is_widened
        AND NOT ARRAY[item.old, item.new] <@ ARRAY['int2', 'int4', 'int8']::regtype[]::oid[]
        THEN format('%s: rows are known by it, so it can become smallint, integer or bigint if it is one of these, or a longer text', item.new_type)
      WHEN item.compared AND NOT item.comparable THEN format('%s: it is of a key, and PostgreSQL does not compare it with %s', item.new_type, item.old_type)
      WHEN item.by_settings
        THEN format('%s: PostgreSQL converts to or from it by the settings of a session, such as its time zone; drop it, and say what is meant by a new column, '
          'such as with the expression %I AT TIME ZONE ''UTC''', item.new_type, item.name)
      WHEN item.beyond IS NOT NULL THEN format('%s: its sequence gives values beyond that: %s; choose another type, or ALTER SEQUENCE it first', item.new_type, item.beyond)
      WHEN item.generated IS NOT NULL THEN format('generated columns are made of it: %s; drop their expressions first', item.generated)
      WHEN item.views IS NOT NULL THEN format('views show it, and a view keeps its types: %s; drop them, and create them again afterwards', item.views)
      WHEN item.functions IS NOT NULL THEN format('functions are bound to it: %s; drop them, and create them again afterwards', item.functions)
    END
