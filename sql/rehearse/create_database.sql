{## An empty database that sorts as the real one. -##}
CREATE DATABASE {{ name | ident }} OWNER {{ owner | ident }} TEMPLATE template0
  ENCODING {{ encoding | literal }} LC_COLLATE {{ collate | literal }} LC_CTYPE {{ ctype | literal }}
