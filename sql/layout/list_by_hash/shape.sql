{## The key's hash, LIST by its remainder. Partitioned by an expression a table has no unique index as a whole; by the
    column partition_key only one that contains it. Rows of one key share a partition, so what contains the key column
    stays unique in all of them. ##}
{% set key_columns = [key_column] %}
{% set unique_needs = none if routing == 'expression' else [key_column, 'partition_key'] %}
{% set indexed = [key_column] %}
{% set even = true %}
