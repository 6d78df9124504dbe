{## Why triggers can't do the work of the foreign key `c` into the table, or null: an expression. In scope: what facts/incoming_keys.sql
    has, `r`, the table that refers, and the columns of the key. -##}
    CASE
      WHEN c.confrelid <> whole.oid OR place.of_itself AND c.conrelid <> whole.oid THEN 'it is of a single partition, or refers to one'
      WHEN c.confmatchtype = 'f' AND cardinality(c.conkey) > 1 THEN 'MATCH FULL over several columns'
      WHEN to_jsonb(c) ->> 'conperiod' = 'true' THEN 'PERIOD'
      WHEN c.confupdtype NOT IN ('a', 'r') THEN 'of a row that moves to another partition when its key is updated (ON UPDATE '
        || CASE c.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END || ') no trigger gets both keys'
      WHEN r.relowner <> (SELECT relowner FROM pg_class WHERE oid = whole.oid)
        THEN 'the tables have different owners, and a trigger works with the rights of one'
      WHEN EXISTS (SELECT FROM pg_class WHERE oid IN (r.oid, whole.oid) AND relrowsecurity AND relforcerowsecurity)
        THEN 'row level security is forced on the owner, and would hide rows from the trigger'
      WHEN pair.collated_otherwise THEN 'its columns have another collation than those that they refer to'
      WHEN pair.typed_otherwise THEN 'its columns have another type than the operator of an extension by which it compares them'
      WHEN pair.referenced_columns && {{ (dropped_columns | default([])) | literal }}::text[]
        OR place.of_itself AND pair.columns && {{ (dropped_columns | default([])) | literal }}::text[] THEN 'a column of it is dropped'
    END
