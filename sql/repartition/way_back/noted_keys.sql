{## The noted foreign keys of the table that is kept, `kept` by name: `relation`, `name`, `definition`,
    `comment`, whether it forbids a delete (`restricting`) and
    whether it refers to the table itself (`self`), one row a key. A SELECT without its
    semicolon. The note is a comment, which the table's owner may change, and its definitions are executed: what is
    not, to the letter, a foreign key as PostgreSQL prints it, of this table, to one that its owner may refer to, is
    left out, and the swap back then misses it. -##}
SELECT noted.relation, noted.name, noted.definition, noted.comment, noted.restricting, noted.self
FROM (
  SELECT to_regclass(coalesce(note.partition, {{ kept | literal }})) AS relation, note.*
  FROM jsonb_to_recordset(({% include 'repartition/way_back/noted.sql' %}) -> 'foreign_keys')
    AS note (partition text, name name, definition text, comment text, restricting boolean, self boolean)
) AS noted
JOIN pg_class AS c ON c.oid = noted.relation
CROSS JOIN LATERAL (SELECT '(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")') AS name (pattern)
CROSS JOIN LATERAL (
  SELECT format('%1$s(?:, (?:PERIOD )?%1$s)*', name.pattern), format('(?:%1$s\.)?%1$s', name.pattern)
) AS names (pattern, qualified)
CROSS JOIN LATERAL (
  SELECT (regexp_match(noted.definition, format(
    '^FOREIGN KEY \(%1$s\) REFERENCES (%2$s)\((?:%1$s)\)(?: MATCH FULL)?(?: ON UPDATE (?:%3$s)(?: \(%1$s\))?)?'
    '(?: ON DELETE (?:%3$s)(?: \(%1$s\))?)?(?: DEFERRABLE)?(?: INITIALLY DEFERRED)?(?: NOT VALID)?(?: NOT ENFORCED)?$',
    names.pattern, names.qualified, 'NO ACTION|RESTRICT|CASCADE|SET NULL|SET DEFAULT')))[1]
) AS referenced (name)
WHERE (noted.relation = {{ kept | literal }}::regclass
    OR noted.relation IN (SELECT relid FROM pg_partition_tree({{ kept | literal }}::regclass)))
  AND (has_table_privilege(c.relowner, to_regclass(referenced.name), 'REFERENCES') OR EXISTS (
    SELECT FROM pg_constraint AS own
    WHERE own.contype = 'f' AND own.confrelid = to_regclass(referenced.name) AND (own.conrelid = {{ source | literal }}::regclass
      OR own.conrelid IN (SELECT relid FROM pg_partition_tree({{ source | literal }}::regclass)))))
