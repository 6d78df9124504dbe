{## The share of a pass by the value of the key, an expression: where what is unique contains the key, rows that exchange such
    values have the same one. hash_record is the type's own: equal numerics differ as text. -##}
abs(hash_record_extended(ROW({{ key_column | ident }}), 0) % executor_of)