{## A database with all that another has; nobody may be connected to that one. -##}
CREATE DATABASE {{ name | ident }} OWNER {{ owner | ident }} TEMPLATE {{ template | ident }}
