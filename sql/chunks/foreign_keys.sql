{## The noted foreign keys of the table that is kept, `kept` by name: `relation`, `name`, `definition`,
    `comment`, and whether it forbids a delete (`restricting`), one row a key. A SELECT without its
    semicolon. -##}
SELECT coalesce(note.partition, {{ kept | literal }})::regclass AS relation, note.name, note.definition,
  note.comment, note.restricting
FROM jsonb_to_recordset(({% include 'chunks/memory.sql' %}) -> 'foreign_keys')
  AS note (partition text, name name, definition text, comment text, restricting boolean)
