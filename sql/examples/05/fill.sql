-- One range of blocks. A printed script does the whole table at once, without a range.
UPDATE {{ batch.table | ident }}
SET day = (at AT TIME ZONE 'UTC')::date
WHERE day IS NULL
{% if batch.first_block is not none %}
  AND ctid >= '({{ batch.first_block }},0)'::tid
{% endif %}
{% if batch.end_block is not none %}
  AND ctid < '({{ batch.end_block }},0)'::tid
{% endif %}
;
