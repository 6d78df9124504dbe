{## The first role of the server makes room for a role of the real server that has its name. -##}
ALTER ROLE {{ first | ident }} RENAME TO {{ renamed | ident }}
