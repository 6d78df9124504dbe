{## Which indexes the new table shall have: {% from 'repartition/indexes/which.sql' import wanted, of_whole with context %}
    `wanted` are those of the table, and one on the key column where none begins with it, since deleting a
    collection would read every partition. `of_whole` are those of them that the new table has as a whole.

    A partitioned table has no unique index without what it is partitioned by, and none at all if that is an
    expression: then the index stands on every partition alone. Rows of one collection share a partition, so what
    contains the key column stays unique in all of them. ##}
{% set found = namespace(leading=false, of_whole=[]) %}
{% for index in facts.indexes %}
{% if index.columns[0] == key_column and not index.partial %}
{% set found.leading = true %}
{% endif %}
{% if not index.unique or (index.primary and routing != 'expression') or (routing == 'hash' and key_column in index.columns) %}
{% set found.of_whole = found.of_whole + [index] %}
{% endif %}
{% endfor %}
{% set for_key = [] if found.leading else [{
  'name': (source | suffix('_routing_idx')).name, 'stem': 'routing_idx', 'of_leaves': false, 'columns': [key_column], 'included': [], 'parameters': [],
  'unique': false, 'primary': false, 'is_constraint': false, 'body_sql': none, 'tablespace': none, 'clustered': false,
  'replica_identity': false, 'statistics_targets': [], 'comment': none, 'constraint_comment': none}] %}
{% set wanted = facts.indexes + for_key %}
{% set of_whole = found.of_whole + for_key %}
