{## One 64-bit hash of the `columns` of a row `r`: an expression. A null is not an empty text. The hash of a row is a
    sum over its columns; it is hashed again, so that a sum over rows tells when values have changed rows. With
    `of_source` it is a row of the table as it was, of which a column that is added (`source_hash_sql`) is what it is to be. How a column
    that gets another type is compared, the facts of the run say: later it has that. -##}
{% set both_ways = facts.columns | selectattr('source_hash_sql') | list -%}
hash_numeric_extended(hash_record_extended(ROW(
{%- for column in columns -%}
{%- set said = both_ways | selectattr('name', 'equalto', column.name) | first | default(column) -%}
{{ said.source_hash_sql if of_source | default(false) and said.source_hash_sql | default(none) else said.hash_sql }}{% if not loop.last %}, {% endif %}
{%- endfor -%}
), 0)::numeric, 0)