{## Says what the function is for, and gives a new one to the owner of the table and to its readers: statements of a
    block in PL/pgSQL, which knows those that were made before as `made_before`. -##}
    COMMENT ON FUNCTION {{ source.schema | ident }}.{{ function | ident }}({% if arguments %}text{% endif %}) IS {{ (to ~ about) | literal }};
    IF {{ function | literal }} <> ALL (made_before) THEN
      CALL pg_temp.executor_keep_function_private({{ (source.schema | ident ~ '.' ~ function | ident) | literal }}, owner_of => {{ source | literal }}, arguments => {{ arguments | literal }});
{% for owner in facts.owner %}
      ALTER FUNCTION {{ source.schema | ident }}.{{ function | ident }}({% if arguments %}text{% endif %}) OWNER TO {{ owner.role_sql }};
{% endfor %}
{% for reader in facts.may_read %}
      GRANT EXECUTE ON FUNCTION {{ source.schema | ident }}.{{ function | ident }}({% if arguments %}text{% endif %}) TO {{ reader.role_sql }};
{% endfor %}
    END IF;
