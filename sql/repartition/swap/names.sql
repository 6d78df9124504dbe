
-- The exchange of names. Partitions and their indexes keep theirs: the same few milliseconds whatever their number.
{% for publication in said.publications if publication.is_named %}
ALTER PUBLICATION {{ publication.name | ident }} DROP TABLE {{ source | ident }};
{% endfor %}
ALTER TABLE {{ source | ident }} RENAME TO {{ leaving.name | ident }};
ALTER TABLE {{ arriving | ident }} RENAME TO {{ source.name | ident }};
{% for view in said.materialized_views %}
{% set schema, here, there = view.schema, (view.name ~ leaving_ending) | short_name, (view.name ~ arriving_ending) | short_name %}
ALTER MATERIALIZED VIEW {{ schema | ident }}.{{ view.name | ident }} RENAME TO {{ here | ident }};
ALTER MATERIALIZED VIEW {{ schema | ident }}.{{ there | ident }} RENAME TO {{ view.name | ident }};
{% endfor %}
{% for sequence in said.sequences if sequence.is_identity %}
{% set other = facts.sequences | selectattr('is_identity') | selectattr('column', 'equalto', sequence.column) | first | default(sequence) %}
ALTER SEQUENCE {{ sequence.schema | ident }}.{{ sequence.name | ident }} RENAME TO {{ (sequence.name ~ leaving_ending) | short_name | ident }};
ALTER SEQUENCE {{ sequence.schema | ident }}.{{ (other.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ sequence.name | ident }};
{% endfor %}
{% include 'repartition/swap/index_names.sql' %}
{% for index in facts.materialized_view_indexes if back and index.name not in said.materialized_view_indexes | selectattr('schema', 'equalto', index.schema) | map(attribute='name') %}
ALTER INDEX IF EXISTS {{ index.schema | ident }}.{{ (index.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
{% for index in said.materialized_view_indexes %}
{% set here, there = (index.name ~ leaving_ending) | short_name, (index.name ~ arriving_ending) | short_name %}
ALTER INDEX {% if back %}IF EXISTS {% endif %}{{ index.schema | ident }}.{{ index.name | ident }} RENAME TO {{ here | ident }};
ALTER INDEX {% if back %}IF EXISTS {% endif %}{{ index.schema | ident }}.{{ there | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
