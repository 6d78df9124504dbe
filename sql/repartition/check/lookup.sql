-- How the rows of one key are found in one partition: the key, which comes first, and what the layout wants besides.
SELECT FROM {{ target | ident }} WHERE {{ key_column | ident }} = $1{% include 'layout/' ~ layout ~ '/lookup_besides.sql' ignore missing %}
