{## The functions that find the partition of a key. ##}
{% for key in now.watched if key.name == 'get_partition_key' and key.called is not none %}

-- The server's own test, asked for each partition; it wants the value in the type of the column.
{% set body %}

SELECT remainder FROM generate_series(0, {{ partition_count - 1 }}) AS remainder
WHERE satisfies_hash_partition(to_regclass({{ source | literal }}), {{ partition_count }}, remainder, $1{% for column in now.columns if column.name == key_column %}::{{ column.bare_type_sql }}{% endfor %})
{% endset %}
CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.{{ key.called | ident }}(collection_id text)
RETURNS integer LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS {{ body | dollar_quoted }};
COMMENT ON FUNCTION {{ source.schema | ident }}.{{ key.called | ident }}(text) IS {{ ('Made by executor for ' ~ source ~ ': the number of the partition that holds a collection.') | literal }};
{% for watching in now.watched if watching.name == 'get_partition_for_collection' and watching.called is not none %}
{% from 'layout/hash/partition_name.sql' import begins, digits with context %}

CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.{{ watching.called | ident }}(collection_id text)
RETURNS text LANGUAGE sql STABLE
RETURN {{ begins | literal }} || lpad({{ source.schema | ident }}.{{ key.called | ident }}(collection_id)::text, {{ digits }}, '0');
COMMENT ON FUNCTION {{ source.schema | ident }}.{{ watching.called | ident }}(text) IS {{ ('Made by executor for ' ~ source ~ ': the name of the partition that holds a collection.') | literal }};
{% endfor %}
{% endfor %}
