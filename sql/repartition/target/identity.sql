{## The identity columns of the new table count as those of the source do, by sequences whose names the swap knows. -##}
{% for sequence in facts.sequences if sequence.is_identity %}
ALTER TABLE {{ target | ident }} ALTER COLUMN {{ sequence.column | ident }} ADD GENERATED {% if sequence.is_always %}ALWAYS{% else %}BY DEFAULT{% endif %} AS IDENTITY (
  SEQUENCE NAME {{ target.schema | ident }}.{{ (sequence.name ~ '_new_' ~ timestamp) | short_name | ident }}
  {% with range = {'min': sequence.new_min, 'max': sequence.new_max} %}{% include 'repartition/target/sequence_options.sql' %}{% endwith %});
{% endfor %}
