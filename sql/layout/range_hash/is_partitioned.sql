{## Whether the table `c` has this layout already: intervals, each in so many parts by the hash. ##}
{% include 'layout/range/has_intervals.sql' %}

    AND NOT EXISTS (
      SELECT FROM pg_inherits AS i WHERE i.inhparent = c.oid AND (
        pg_get_partkeydef(i.inhrelid) IS DISTINCT FROM 'HASH (' || quote_ident({{ sub_key_column | literal }}) || ')'
        OR (SELECT count(*) FROM pg_inherits AS part WHERE part.inhparent = i.inhrelid) <> {{ sub_count }}))