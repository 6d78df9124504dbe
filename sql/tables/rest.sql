{## What follows the `head` of the `definition` that PostgreSQL prints, both of a row `shape`: an expression. A snapshot has the names of
    before, and what is printed those of now: where something is renamed in between, the rest would begin somewhere, in a text that an owner
    has written perhaps, and be any SQL. So it is an error then. A head ends with a blank. -##}
CASE WHEN starts_with(shape.definition, shape.head) THEN substr(shape.definition, length(shape.head) + 1)
  ELSE CAST('renamed at this very moment, so try again: ' || shape.head AS boolean)::text END