{## Whether the comment of `marked.oid` says that we have detached this very table from this very parent, or have begun to: a
    condition. -##}
{% from 'maintain/mark.sql' import mark with context %}
coalesce((
  SELECT starts_with(said.text, {{ mark | literal }}) AND right(said.text, length(said.oids)) = said.oids
  FROM (SELECT obj_description(marked.oid, 'pg_class'), {% include 'maintain/marked_oids.sql' %}) AS said (text, oids)), false)