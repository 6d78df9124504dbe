{## Creates `keys`, a log of keys. It is an ordinary logged table, because one that a crash empties would lose
    writes, and has no index, which every writer would pay for. It has a replica identity, so that a publication
    of all tables does not stop its deletes.
    A key has the type that it has in the table that is written to, so that nothing is converted by the session that writes. -##}
CREATE TABLE {{ keys | ident }} WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)
AS SELECT {% for key in facts.key %}{% for column in facts.columns if column.name == key.name and column.new_type_sql and keys == back_log %}CAST({{ key.name | ident }} AS {{ column.new_type_sql }}) AS {% endfor %}{{ key.name | ident }}{% if not loop.last %}, {% endif %}{% endfor %} FROM {{ source | ident }} WITH NO DATA;
ALTER TABLE {{ keys | ident }} REPLICA IDENTITY FULL;
{% with relation = keys %}
{% include 'security/private.sql' %}
{% include 'repartition/target/refuse_additions.sql' %}
{% endwith %}
