{## The sequence that gives the ids of each column of `relation`: its own, of an identity column, or the one that it
    owns and its default draws from. A column may own others, such as one from before it became an identity. A
    SELECT of (name, sequence) without its semicolon. -##}
SELECT DISTINCT ON (a.attname) a.attname AS name, d.objid AS sequence
FROM pg_attribute AS a
JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
  AND d.classid = 'pg_class'::regclass
JOIN pg_sequence AS s ON s.seqrelid = d.objid
WHERE a.attrelid = {{ relation | literal }}::regclass AND NOT a.attisdropped AND (d.deptype = 'i' OR d.deptype = 'a'
  AND a.attidentity = '' AND EXISTS (
    SELECT FROM pg_attrdef AS def
    JOIN pg_depend AS drawn ON drawn.classid = 'pg_attrdef'::regclass AND drawn.objid = def.oid
      AND drawn.refclassid = 'pg_class'::regclass AND drawn.refobjid = d.objid
    WHERE def.adrelid = a.attrelid AND def.adnum = a.attnum))
ORDER BY a.attname, d.objid
