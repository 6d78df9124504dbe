-- What the variable `backup` gives up. Reads nothing.
SELECT
  'backup' AS subject,
  'a copy, or the old table' AS expected,
{% if backup == 'none' %}
  'none: the old table is kept for the way back alone. Its cleanup looks for no other copy, and a restore of it has no '
    'foreign keys. --var backup=old_table keeps it as the backup, and costs no more' AS actual,
{% elif backup == 'old_table' %}
  'the old table, from the swap on; a rollback uses it up. There is no copy before the swap, and none beside it' AS actual,
{% else %}
  'a copy, compared before anything is changed' AS actual,
{% endif %}
  {{ (backup != 'none') | literal }} AS passed
