{## One 64-bit hash of the `columns` of a row `r`: an expression. A null is not an empty text. The hash of a row is a
    sum over its columns; it is hashed again, so that a sum over rows tells when values have changed rows. With
    `of_source` a column that is added (`source_hash_sql`) is what it is to be. -##}
hash_numeric_extended(hash_record_extended(ROW({% for column in columns %}{% if of_source | default(false) and column.source_hash_sql is defined %}{{ column.source_hash_sql }}{% else %}{{ column.hash_sql }}{% endif %}{% if not loop.last %}, {% endif %}{% endfor %}), 0)::numeric, 0)