{## An empty database that sorts as the real one. Nobody connects to it before grant_database.sql has said who may. -##}
CREATE DATABASE {{ name | ident }} OWNER {{ owner | ident }} TEMPLATE template0
  ENCODING {{ encoding | literal }} LC_COLLATE {{ collate | literal }} LC_CTYPE {{ ctype | literal }} ALLOW_CONNECTIONS false
