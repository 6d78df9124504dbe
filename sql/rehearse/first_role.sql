{## A superuser of our own on a server of our own, whose first role can then be renamed. -##}
CREATE ROLE {{ name | ident }} SUPERUSER LOGIN
