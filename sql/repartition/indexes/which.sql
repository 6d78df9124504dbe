{## Which indexes the new table shall have: {% from 'repartition/indexes/which.sql' import wanted, of_whole, of_layout with context %}
    `wanted` are those of the table, and one on each column of the layout where none begins with it. `of_whole` are those of
    them that the new table has as a whole, and of `of_layout` it is a key that has to contain the columns of the layout.
    What is unique without these stands on every partition alone. ##}
{% from 'layout/' ~ layout ~ '/shape.sql' import indexed, unique_needs with context %}
{% set found = namespace(leading=[], of_whole=[], of_layout=[]) %}
{% for index in facts.indexes %}
{% if not index.partial %}
{% set found.leading = found.leading + [index.columns[0]] %}
{% endif %}
{% set missing = (unique_needs or []) | reject('in', index.columns) | list %}
{% if not index.unique or unique_needs is not none and (index.primary or not missing) %}
{% set found.of_whole = found.of_whole + [index] %}
{% if index.primary %}
{% set found.of_layout = found.of_layout + [index] %}
{% endif %}
{% endif %}
{% endfor %}
{% set for_key = namespace(indexes=[]) %}
{% for column in indexed if column not in found.leading %}
{% set for_key.indexes = for_key.indexes + [{
  'name': (source | suffix('_routing_idx')).name, 'stem': 'routing_idx', 'of_leaves': false, 'columns': [column], 'included': [], 'parameters': [],
  'unique': false, 'primary': false, 'is_constraint': false, 'body_sql': none, 'tablespace': none, 'clustered': false,
  'replica_identity': false, 'statistics_targets': [], 'comment': none, 'constraint_comment': none}] %}
{% endfor %}
{% set wanted = facts.indexes + for_key.indexes %}
{% set of_whole = found.of_whole + for_key.indexes %}
{% set of_layout = found.of_layout %}
