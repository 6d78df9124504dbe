{## Whether the table `c` has this layout already. PostgreSQL prints an expression with its own parentheses and casts, so they are
    left out of the comparison. ##}
regexp_replace(pg_get_partkeydef(c.oid), '[() ]|::text', '', 'g') = regexp_replace({% if routing == 'expression' %}'LIST abs(hashtext(' || quote_ident({{ key_column | literal }}) || ') % {{ partition_count }})'{% else %}'LIST (partition_key)'{% endif %}, '[() ]|::text', '', 'g')
    AND (SELECT count(*) FROM pg_inherits AS i WHERE i.inhparent = c.oid) = {{ partition_count }}