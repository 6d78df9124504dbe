{## One 64-bit hash of the `columns` of a row `r`: an expression. A null is not an empty text. The hash of a row is a
    sum over its columns; it is hashed again, so that a sum over rows tells when values have changed rows. -##}
hash_numeric_extended(hash_record_extended(ROW({% for column in columns %}{{ column.hash_sql }}{% if not loop.last %}, {% endif %}{% endfor %}), 0)::numeric, 0)