-- All rows, as they are.
CREATE TABLE {{ copy | ident }} AS TABLE {{ original | ident }};
