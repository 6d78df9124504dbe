{## The sequences of the tables change hands, as said below. -##}

{% if said.sequences | selectattr('is_identity') | list %}
-- Ids go on where they are; the exchange of names has locked the sequences, so nobody draws from one that
-- has been read. That of an identity column becomes what the other one is now, its last value too, be that the
-- end of its range. ALTER SEQUENCE gives it a new file, so setval() is undone with the transaction, which it is not
-- by itself, and no session goes on with values that it has cached. It is never put back behind an id that it
-- has given. The one that leaves is put to its end: nextval() asks for a sequence before it waits for the lock of
-- this, and would go on there with ids that the other one gives.
{% endif %}
{% for sequence in said.sequences if sequence.is_identity %}
{% set schema, gone = sequence.schema, (sequence.name ~ leaving_ending) | short_name %}
{% set before = facts.sequences | selectattr('is_identity') | selectattr('column', 'equalto', sequence.column) | first | default(sequence) %}
{% set narrows = back and before.new_type_sql != before.type_sql %}
{% set range = {'min': before.min, 'max': before.max} if narrows else {'min': sequence.new_min, 'max': sequence.new_max} %}
ALTER SEQUENCE {{ schema | ident }}.{{ sequence.name | ident }} AS {{ before.type_sql if narrows else sequence.new_type_sql }}
  {% include 'repartition/target/sequence_options.sql' %}{% if back %} RESTART{% endif %};
{% if back or sequence.cycle %}
SELECT setval(there.tableoid, {% if narrows %}greatest({{ range.min }}, least({{ range.max }}, here.last_value)){% else %}here.last_value{% endif %}, here.is_called)
FROM {{ schema | ident }}.{{ gone | ident }} AS here, {{ schema | ident }}.{{ sequence.name | ident }} AS there;
{% else %}
SELECT setval(there.tableoid, CASE WHEN ahead.is_so THEN there.last_value ELSE here.last_value END, ahead.is_so OR here.is_called)
FROM {{ schema | ident }}.{{ gone | ident }} AS here, {{ schema | ident }}.{{ sequence.name | ident }} AS there,
  LATERAL (SELECT there.is_called AND there.last_value {% if sequence.increment > 0 %}>={% else %}<={% endif %} here.last_value) AS ahead (is_so);
{% endif %}
ALTER SEQUENCE {{ schema | ident }}.{{ gone | ident }} NO CYCLE RESTART;
SELECT setval(gone.tableoid, {{ sequence.max if sequence.increment > 0 else sequence.min }}) FROM {{ schema | ident }}.{{ gone | ident }} AS gone;
{% endfor %}
{% for sequence in said.sequences if not sequence.is_identity %}
{% if loop.first %}
-- The sequence of a serial column is the same, under another owner.
{% endif %}
ALTER SEQUENCE {{ sequence.schema | ident }}.{{ sequence.name | ident }} OWNED BY {{ source | ident }}.{{ sequence.column | ident }};
{% set before = facts.sequences | selectattr('column', 'equalto', sequence.column) | selectattr('name', 'equalto', sequence.name) | first | default(sequence) %}
{% if before.new_type_sql != before.type_sql %}
{% if back %}
-- If it is beyond the old type by now, it stays as it is: the column refuses what it gives.
DO {% set body %}

BEGIN
  IF (SELECT last_value BETWEEN {{ before.min }} AND {{ before.max }} FROM {{ sequence.schema | ident }}.{{ sequence.name | ident }}) THEN
    ALTER SEQUENCE {{ sequence.schema | ident }}.{{ sequence.name | ident }} AS {{ before.type_sql }} MINVALUE {{ before.min }} MAXVALUE {{ before.max }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% else %}
ALTER SEQUENCE {{ sequence.schema | ident }}.{{ sequence.name | ident }} AS {{ before.new_type_sql }} MINVALUE {{ before.new_min }} MAXVALUE {{ before.new_max }};
{% endif %}
{% endif %}
{% endfor %}
