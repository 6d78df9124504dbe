{## PostgreSQL's own HASH of the key column: what is unique has to contain it. ##}
{% set key_columns = [key_column] %}
{% set unique_needs = [key_column] %}
{% set indexed = [key_column] %}
{% set even = true %}
