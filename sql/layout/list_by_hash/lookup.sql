{## The functions that find the partition of a key. ##}
{% for key in now.watched if key.name == 'get_partition_key' and key.called is not none %}

CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.{{ key.called | ident }}(collection_id text)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN abs(hashtext(collection_id) % {{ partition_count }});
COMMENT ON FUNCTION {{ source.schema | ident }}.{{ key.called | ident }}(text) IS {{ ('Made by executor for ' ~ source ~ ': the number of the partition that holds a collection.') | literal }};
{% for watching in now.watched if watching.name == 'get_partition_for_collection' and watching.called is not none %}
{% from 'layout/list_by_hash/partition_name.sql' import begins, digits with context %}

CREATE OR REPLACE FUNCTION {{ source.schema | ident }}.{{ watching.called | ident }}(collection_id text)
RETURNS text LANGUAGE sql STABLE
RETURN {{ begins | literal }} || lpad({{ source.schema | ident }}.{{ key.called | ident }}(collection_id)::text, {{ digits }}, '0');
COMMENT ON FUNCTION {{ source.schema | ident }}.{{ watching.called | ident }}(text) IS {{ ('Made by executor for ' ~ source ~ ': the name of the partition that holds a collection.') | literal }};
{% endfor %}
{% endfor %}
