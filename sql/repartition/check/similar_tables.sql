{## Which tables a name that is none may have meant, as a question; empty if there is none: those of the
    same name in other schemas, and those in the same schema that are the same but for one letter or for
    upper and lower case. Names are alike if they are the same after one letter was left out of either. -##}
  SELECT coalesce('did you mean ' || string_agg(name, ' or ' ORDER BY name) || '? ', '')
  FROM (
    SELECT c.oid::regclass::text AS name
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE to_regclass({{ source | literal }}) IS NULL AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
      AND (n.nspname <> {{ source.schema | literal }} AND c.relname = {{ source.name | literal }}
        OR n.nspname = {{ source.schema | literal }}
          AND abs(length(c.relname) - length({{ source.name | literal }})) <= 1
          AND EXISTS (
            SELECT overlay(lower(c.relname) PLACING '' FROM place FOR 1)
            FROM generate_series(1, length(c.relname) + 1) AS place
            INTERSECT
            SELECT overlay(lower({{ source.name | literal }}) PLACING '' FROM place FOR 1)
            FROM generate_series(1, length({{ source.name | literal }}) + 1) AS place))
    ORDER BY n.nspname <> {{ source.schema | literal }}, c.relname
    LIMIT 3
  ) AS alike
