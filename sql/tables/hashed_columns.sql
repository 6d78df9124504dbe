{## A column that is read as `a.reading`, of the type `a.atttypid`, the `a.place`-th of a row `r`, as one or two elements of the ROW
    that is hashed: a text. Types whose equal values look alike are hashed as they are; the others, such as
    1.0 and 1.00, as text. The hash of eight bytes folds them to four, so what the fold loses comes second. A
    type's own output says everything, a cast to text need not: char loses its blanks, and what the types of
    extensions lose is theirs to say. A ROW has 1,664 elements at most, a table 1,600 columns. -##}
CASE
  WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype) THEN a.reading || ' COLLATE "C"'
  WHEN a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'bool'::regtype, 'uuid'::regtype, 'date'::regtype,
    'bytea'::regtype) THEN a.reading
  WHEN a.atttypid = 'int8'::regtype AND a.place <= 60
    THEN format('%1$s, (%1$s >> 32)::int4', a.reading)
  WHEN a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) AND a.place <= 60
    THEN format('%1$s, date_part(''epoch'', %1$s)', a.reading)
  WHEN a.atttypid < 16384 AND a.atttypid <> 'bpchar'::regtype
    THEN a.reading || '::text COLLATE "C"'
  ELSE format('ROW(%s)::text COLLATE "C"', a.reading)
END
