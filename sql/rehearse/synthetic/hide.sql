{## What show.sql has given is taken away. -##}
REVOKE SELECT ON {{ table | ident }} FROM {{ role | ident }}
