{## In PL/pgSQL: refuses what takes a row away from those that refer to it by the foreign key `key`, in PostgreSQL's words. -##}
RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = {{ ('update or delete on table "' ~ source.name ~ '" violates foreign key constraint "' ~ key.name ~ '" on table "' ~ key.relation_name ~ '"') | literal }},
      DETAIL = {{ ('Key (' ~ key.referenced_columns | join(', ') ~ ') is still referenced from table "' ~ key.relation_name ~ '".') | literal }},
      SCHEMA = {{ key.relation_schema | literal }}, TABLE = {{ key.relation_name | literal }}, CONSTRAINT = {{ key.name | literal }};
