-- Without a default nothing is rewritten. Lock: ACCESS EXCLUSIVE for an instant.
ALTER TABLE {{ table | ident }} ADD COLUMN day date;
