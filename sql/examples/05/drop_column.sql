-- Lock: ACCESS EXCLUSIVE for an instant.
ALTER TABLE {{ table | ident }} DROP COLUMN day;
