-- Whether the primary key lacks the column by which the table will be partitioned.
{% from 'adopt/indexes.sql' import key with context %}
SELECT {{ (key | length > 0) | literal }}
