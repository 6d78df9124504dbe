{## Refuses what something else has added to the table `relation` while it was made, as refuse_additions.sql says. -##}
{% from 'layout/own.sql' import own with context -%}
{% set given = added_columns | reject('equalto', own.column) | list -%}
CALL pg_temp.executor_refuse_additions({{ relation | literal }}, like_table => {{ source | literal }}{% if given %}, wanted => {{ given | literal }}{% endif %});
