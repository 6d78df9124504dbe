{## The indexes of the table as a whole, and its extended statistics; those of partitions have names of their own. Going
    back, one of the two may be there no more, or may have come since under the name that came_since.sql gives it. -##}
{% if back %}
{% for index in facts.indexes if index.on_parent %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
{% if index.of_source %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ (index.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endif %}
{% endfor %}
{% set known = facts.indexes | map(attribute='name') | list %}
{% for index in said.indexes if index.of_source and index.name not in known %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ (index.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
{% else %}
{% for index in facts.indexes if index.on_parent %}
{% if index.of_source %}
ALTER INDEX {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
{% endif %}
ALTER INDEX {{ source.schema | ident }}.{{ (target.name ~ '_' ~ index.stem) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
{% endif %}
{% for statistics in said.extended_statistics %}
ALTER STATISTICS {{ statistics.schema | ident }}.{{ statistics.name | ident }} RENAME TO {{ (statistics.name ~ leaving_ending) | short_name | ident }};
{% endfor %}
{% for statistics in facts.extended_statistics %}
ALTER STATISTICS {{ statistics.schema | ident }}.{{ (statistics.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ statistics.name | ident }};
{% endfor %}
