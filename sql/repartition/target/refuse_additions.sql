{## Refuses what something else has added to the table `relation` while it was made, as refuse_additions.sql says. -##}
CALL pg_temp.executor_refuse_additions({{ relation | literal }}, like_table => {{ source | literal }});
