{## Too many rows beside the first partition would keep others waiting while they are moved: a statement of PL/pgSQL. -##}
{% if 'later_rows' not in given_up %}
  IF (SELECT count(*) FROM (SELECT FROM {{ source | ident }} WHERE tableoid <> to_regclass({{ old | literal }}) LIMIT {{ move_rows }} + 1) AS later) > {{ move_rows }} THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ ('more than ' ~ move_rows ~ ' rows (move_rows) are in later partitions than ' ~ old) | literal }},
      HINT = 'A rollback moves them while nobody can use the table. Nothing was changed. Where it may wait so long: executor rollback --accept later_rows';
  END IF;
{% endif %}
