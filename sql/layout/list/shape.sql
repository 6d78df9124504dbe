{## PostgreSQL's own LIST by the key column: what is unique has to contain it. ##}
{% set key_columns = [key_column] %}
{% set unique_needs = [key_column] %}
{% set indexed = [] %}
