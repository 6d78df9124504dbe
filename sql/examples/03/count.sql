-- One value.
SELECT count(*) FROM {{ copy | ident }}
