{## PostgreSQL's own LIST by the key column, and each of these by RANGE of the other one: what is unique has to contain both. ##}
{% set key_columns = [key_column, sub_key_column] %}
{% set unique_needs = [key_column, sub_key_column] %}
{% set indexed = [] %}
