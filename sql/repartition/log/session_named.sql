{## A row of pg_stat_activity as words: an expression. Of a session that this role may not look into it is known
    that it has a snapshot, and not how old its transaction is. -##}
format('pid %s (%s, %s)', pid, coalesce(nullif(application_name, ''), usename::text),
  coalesce('since ' || to_char(xact_start, 'HH24:MI:SS'), format('which can''t be seen: GRANT pg_read_all_stats TO %I', current_user)))