-- A schema for a drill, which nobody but this transaction ever sees.
CREATE SCHEMA {{ schema | ident }};
