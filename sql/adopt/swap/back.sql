-- Makes the first partition the table again, the mirror of the swap, with every row that was written to the others since.
-- What was granted, commented or created on the table since comes along, too. Its lock is that of lock_back.sql.
{% from 'adopt/indexes.sql' import alone, key with context %}
{% with said = now, arriving = old, arriving_ending = '_old_' ~ timestamp, leaving = target, leaving_ending = '_new_' ~ timestamp, back = true %}
{% include 'repartition/incoming_keys/drop.sql' %}
{% for trigger in said.triggers if trigger.on_table %}
DROP TRIGGER {{ trigger.name | ident }} ON {{ source | ident }};
{% endfor %}
ALTER TABLE {{ source | ident }} DETACH PARTITION {{ old | ident }};

{% include 'adopt/swap/move_rows.sql' %}
{% for sequence in facts.sequences if sequence.is_identity %}
ALTER TABLE {{ old | ident }} ALTER COLUMN {{ sequence.column | ident }} ADD GENERATED {% if sequence.is_always %}ALWAYS{% else %}BY DEFAULT{% endif %} AS IDENTITY (
  SEQUENCE NAME {{ sequence.schema | ident }}.{{ (sequence.name ~ '_old_' ~ timestamp) | short_name | ident }}
  {% with range = {'min': sequence.min, 'max': sequence.max} %}{% include 'repartition/target/sequence_options.sql' %}{% endwith %});
{% endfor %}
{% include 'adopt/swap/names.sql' %}
{% for index in now.adopted %}
ALTER INDEX {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (target.name ~ '_' ~ index.name) | short_name | ident }};
{% if not (index.primary and key) %}
ALTER INDEX {{ source.schema | ident }}.{{ index.part | ident }} RENAME TO {{ index.name | ident }};
{% endif %}
{% endfor %}
{% for index in alone %}
ALTER INDEX {{ source.schema | ident }}.{{ (old.name ~ '_' ~ index.stem) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
{% for index in key %}
-- The old key is the key again.
ALTER TABLE {{ source | ident }} DROP CONSTRAINT {{ (old.name ~ '_' ~ index.stem) | short_name | ident }};
ALTER TABLE {{ source | ident }} ADD CONSTRAINT {{ index.name | ident }} PRIMARY KEY USING INDEX {{ (old.name ~ '_' ~ index.stem ~ '_own') | short_name | ident }}
{%- if index.deferrable %} DEFERRABLE{% endif %}{% if index.deferred %} INITIALLY DEFERRED{% endif %};
{% if index.clustered %}
ALTER TABLE {{ source | ident }} CLUSTER ON {{ index.name | ident }};
{% endif %}
{% if index.replica_identity %}
ALTER TABLE {{ source | ident }} REPLICA IDENTITY USING INDEX {{ index.name | ident }};
{% endif %}
{% if index.comment %}
COMMENT ON INDEX {{ source.schema | ident }}.{{ index.name | ident }} IS {{ index.comment | literal }};
{% endif %}
{% if index.constraint_comment %}
COMMENT ON CONSTRAINT {{ index.name | ident }} ON {{ source | ident }} IS {{ index.constraint_comment | literal }};
{% endif %}
{% endfor %}
{% for column in facts.columns if column.name == key_column and not column.not_null %}
ALTER TABLE {{ source | ident }} ALTER COLUMN {{ column.name | ident }} DROP NOT NULL;
{% endfor %}
{% for trigger in facts.triggers if trigger.accepted %}
-- It was given up, and is back with the table.
{{ trigger.definition_sql }};
{% endfor %}
{% include 'repartition/swap/sequences.sql' %}
{% with stripped = true %}
{% include 'repartition/swap/hanging.sql' %}
{% endwith %}
{% include 'repartition/swap/readers.sql' %}
{% include 'repartition/swap/publications.sql' %}
{% with late = false %}
{% include 'repartition/incoming_keys/restore.sql' %}
{% endwith %}
{% include 'repartition/swap/proof.sql' %}

-- It has the comment of the table; by this one the next steps know it.
{% from 'repartition/way_back/marks.sql' import of_target with context %}
COMMENT ON TABLE {{ target | ident }} IS {{ of_target | literal }};
{% endwith %}
