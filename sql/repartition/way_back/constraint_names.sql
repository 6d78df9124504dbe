{## Renames the checks and NOT NULL constraints of the old table, there or `back`: who looks for a constraint by its name
    alone, as tools do by information_schema, is to find that of the table in use. Those of keys are renamed with their
    indexes in the swap, and foreign keys are gone. Lock: ACCESS EXCLUSIVE on the old table, for which others may wait
    longer than elsewhere: nobody uses it. If somebody reads it all the same, the names stay; and so does
    that of a NOT NULL which a partition has under another, as PostgreSQL renames it in all partitions or fails. -##}
{% set constraints = facts.names | rejectattr('is_index') | list %}
{% if constraints %}
DO {% set body %}

BEGIN
  SET LOCAL lock_timeout = '10s';
{% for constraint in constraints %}
{% set here, there = constraint.name, (constraint.name ~ '_old_' ~ timestamp) | short_name %}
{% set was, is = (there, here) if back else (here, there) %}
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass({{ old | literal }}) AND conname = {{ was | literal }})
    AND NOT EXISTS (
      SELECT FROM pg_partition_tree(to_regclass({{ old | literal }})) AS part
      WHERE part.level > 0 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = part.relid AND conname = {{ was | literal }}))
  THEN
    ALTER TABLE {{ old | ident }} RENAME CONSTRAINT {{ was | ident }} TO {{ is | ident }};
  END IF;
{% endfor %}
{% if not back %}
EXCEPTION WHEN lock_not_available THEN
  RAISE WARNING USING MESSAGE = {{ ('the constraints of ' ~ old ~ ' keep their names, which those of ' ~ source ~ ' have, too: somebody reads it') | literal }};
{% endif %}
END
{% endset %}{{ body | dollar_quoted }};
SET LOCAL lock_timeout = {{ settings.lock_timeout | literal }};
{% endif %}
