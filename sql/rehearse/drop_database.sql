{## A database of a rehearsal is not needed any more. -##}
DROP DATABASE {{ name | ident }} WITH (FORCE)
