{## A database of a rehearsal is not needed any more. -##}
DROP DATABASE IF EXISTS {{ name | ident }} WITH (FORCE)
