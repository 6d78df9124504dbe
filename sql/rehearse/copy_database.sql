{## A database with all that another has; nobody may be connected to that one. Nor to this one before grant_database.sql has said
    who may. -##}
CREATE DATABASE {{ name | ident }} OWNER {{ owner | ident }} TEMPLATE {{ template | ident }} ALLOW_CONNECTIONS false
