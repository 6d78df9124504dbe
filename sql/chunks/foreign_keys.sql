{## The noted foreign keys of the table that is kept, `kept` by name: `relation`, `name`, `definition`,
    `comment`, whether it forbids a delete (`restricting`) and
    whether it refers to the table itself (`self`), one row a key. A SELECT without its
    semicolon. -##}
SELECT coalesce(note.partition, {{ kept | literal }})::regclass AS relation, note.name, note.definition,
  note.comment, note.restricting, note.self
FROM jsonb_to_recordset(({% include 'chunks/memory.sql' %}) -> 'foreign_keys')
  AS note (partition text, name name, definition text, comment text, restricting boolean, self boolean)
