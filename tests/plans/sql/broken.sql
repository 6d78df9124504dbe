{## Its block is never closed. ##}
SELECT 1
{% if true %}
;
