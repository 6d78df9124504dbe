-- The books go with their schema.
DROP TABLE {{ original | ident }};
DROP SCHEMA {{ original.schema | ident }};
