{## One table: what is unique stays so, and nothing chooses a partition. ##}
{% set partitioned = false %}
{% set key_columns = [] %}
{% set unique_needs = [] %}
{% set indexed = [] %}
