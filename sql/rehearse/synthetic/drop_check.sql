{## No made row fulfils it. Takes ACCESS EXCLUSIVE, on a table of the rehearsal. -##}
ALTER TABLE {{ table | ident }} DROP CONSTRAINT {{ name | ident }}
