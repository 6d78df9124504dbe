{## Their values. ##}
, abs(hashtext({% if prefix %}r.{% endif %}{{ key_column | ident }}::text) % {{ partition_count }})