{## What open.sql has given is taken away. The role owns nothing, and has no other right. -##}
DROP OWNED BY {{ open | ident }}
