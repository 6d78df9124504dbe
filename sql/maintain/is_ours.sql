{## Whether the comment of `marked.oid` begins with `begins` and names this very table and this very parent, whatever they are called by now: a
    condition. -##}
coalesce((
  SELECT starts_with(said.text, {{ begins | literal }}) AND right(said.text, length(said.oids)) = said.oids
  FROM (SELECT obj_description(marked.oid, 'pg_class'), {% include 'maintain/marked_oids.sql' %}) AS said (text, oids)), false)