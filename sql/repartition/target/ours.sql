{## Whether `made`, a row of pg_class, is the new table of this run: a condition, null if it has no comment. Anybody can take
    its name, copy its columns and write its comment, so it also has to be of the table's owner, or of a role that this
    session trusts. -##}
{% from 'repartition/way_back/marks.sql' import of_target with context %}
(made.relkind IN ('p', 'r') AND obj_description(made.oid, 'pg_class') = {{ of_target | literal }} AND {% include 'repartition/target/of_owner.sql' %})
