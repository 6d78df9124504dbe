{## The greatest number of a column: what comes by itself comes after it. -##}
SELECT coalesce(max({{ column | ident }}), 0)::bigint AS greatest FROM {{ table | ident }}
