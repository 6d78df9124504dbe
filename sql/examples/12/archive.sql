-- One range of blocks. A printed script does the whole table at once, and does not wait.
INSERT INTO example_12.archive (id, day)
SELECT id, day FROM {{ batch.table | ident }}
WHERE true
{% if batch.first_block is not none %}
  AND ctid >= '({{ batch.first_block }},0)'::tid
{% endif %}
{% if batch.end_block is not none %}
  AND ctid < '({{ batch.end_block }},0)'::tid
{% endif %}
;
