{## The partition of a row. The remainder comes first: abs() of the least integer would overflow. -##}
abs(hashtext({{ key_column | ident }}::text) % {{ partition_count }})