-- The primary key of a partitioned table contains the column by which it is partitioned. So beside the key of now two unique
-- indexes are built, while the table is in use: {% if item == 0 %}this is the new key, which is a constraint from the swap on.
{% else %}this keeps the old key unique in the first partition, and is the key again after a rollback.
{% endif %}
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice; it waits for transactions that
-- are open, and nobody waits for it.
{% from 'adopt/indexes.sql' import key, wide, own with context %}
SELECT set_config('lock_timeout', '10min', false);
{% for index in key %}
DROP INDEX CONCURRENTLY IF EXISTS {{ source.schema | ident }}.{{ (own if item else wide) | ident }};
CREATE UNIQUE INDEX CONCURRENTLY {{ (own if item else wide) | ident }} ON {{ source | ident }} {% if item %}{{ index.body_sql }}{% else %}USING btree {% include 'adopt/keys/columns.sql' %}
{%- for parameter in index.parameters %}{% if loop.first %} WITH ({% else %}, {% endif %}{{ parameter.name | ident }} = {{ parameter.value | literal }}{% if loop.last %}){% endif %}{% endfor %}{% endif %}
{%- if index.tablespace is not none %} TABLESPACE {{ index.tablespace | ident }}{% endif %};
{% endfor %}
SELECT set_config('lock_timeout', {{ settings.lock_timeout | literal }}, false);
