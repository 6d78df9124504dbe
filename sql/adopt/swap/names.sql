
-- The exchange of names. An index of the table as a whole has the name that it had, that of the partition one of its own.
{% for publication in said.publications if publication.is_named %}
ALTER PUBLICATION {{ publication.name | ident }} DROP TABLE {{ source | ident }};
{% endfor %}
ALTER TABLE {{ source | ident }} RENAME TO {{ leaving.name | ident }};
ALTER TABLE {{ arriving | ident }} RENAME TO {{ source.name | ident }};
{% for sequence in said.sequences if sequence.is_identity %}
{% set other = facts.sequences | selectattr('is_identity') | selectattr('column', 'equalto', sequence.column) | first | default(sequence) %}
ALTER SEQUENCE {{ sequence.schema | ident }}.{{ sequence.name | ident }} RENAME TO {{ (sequence.name ~ leaving_ending) | short_name | ident }};
ALTER SEQUENCE {{ sequence.schema | ident }}.{{ (other.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ sequence.name | ident }};
{% endfor %}
{% for statistics in said.extended_statistics %}
ALTER STATISTICS {{ statistics.schema | ident }}.{{ statistics.name | ident }} RENAME TO {{ (statistics.name ~ leaving_ending) | short_name | ident }};
{% endfor %}
{% for statistics in facts.extended_statistics %}
ALTER STATISTICS {{ statistics.schema | ident }}.{{ (statistics.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ statistics.name | ident }};
{% endfor %}
