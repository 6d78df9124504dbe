-- The copy only.
DROP TABLE {{ copy | ident }};
