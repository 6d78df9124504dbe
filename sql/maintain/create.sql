{## Makes the table `made`, to be a partition of the table or its default partition: columns, checks and indexes as the table has
    them, the rest as its newest partition, its own parts and keys included. Needs `check_sql`, or none. Owner and rights are
    those of partitions: nobody's but the table owner's. -##}
{% set like = facts.newest | first | default({'storage_parameters': [], 'replica_identity': 'default', 'parts': [], 'own_keys': [], 'partition_by_sql': none, 'tablespace': none}) %}
{% if like.tablespace %}
SET LOCAL default_tablespace = {{ like.tablespace | literal }};
{% endif %}
CREATE TABLE {{ made | ident }} (
  LIKE {{ source | ident }} INCLUDING ALL EXCLUDING IDENTITY EXCLUDING STATISTICS EXCLUDING COMMENTS
{%- if check_sql %},
  CONSTRAINT executor_bounds CHECK ({{ check_sql }})
{%- endif %}

){% if like.partition_by_sql %} PARTITION BY {{ like.partition_by_sql }}{% endif %}
{%- if like.storage_parameters and not like.partition_by_sql %} WITH ({% with parameters = like.storage_parameters %}{% include 'maintain/parameters.sql' %}{% endwith %}){% endif %};
{% for part in like.parts %}
CREATE TABLE {{ made | suffix(part.suffix) | ident }} PARTITION OF {{ made | ident }} {{ part.bound_sql }}
{%- if like.storage_parameters %} WITH ({% with parameters = like.storage_parameters %}{% include 'maintain/parameters.sql' %}{% endwith %}){% endif %};
{% endfor %}
{% if like.replica_identity != 'default' %}
{% for suffix in (like.parts | map(attribute='suffix') if like.partition_by_sql else ['']) %}
ALTER TABLE {{ made | suffix(suffix) | ident }} REPLICA IDENTITY {% if like.replica_identity == 'full' %}FULL{% else %}NOTHING{% endif %};
{% endfor %}
{% endif %}
{% for key in like.own_keys %}
{% set keyed = made | suffix(key.suffix) if key.suffix else made %}
{% if key.constraint_sql %}
ALTER TABLE {{ keyed | ident }} ADD CONSTRAINT {{ (keyed.name ~ '_' ~ key.stem) | short_name | ident }} {{ key.constraint_sql }};
{% else %}
CREATE UNIQUE INDEX {{ (keyed.name ~ '_' ~ key.stem) | short_name | ident }} ON {{ keyed | ident }} {{ key.body_sql }};
{% endif %}
{% endfor %}
{% with relation = made %}
{% include 'security/private.sql' %}
{% endwith %}
