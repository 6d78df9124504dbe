-- Puts the new table in the place of the one of now, which becomes its first partition, with all that hung on it. Nothing is
-- read and nothing is copied. Its lock is that of lock.sql.
{% from 'adopt/indexes.sql' import whole, alone, key, wide, own with context %}
{% from 'adopt/bound/which.sql' import below with context %}
{% with said = facts, arriving = target, arriving_ending = '_new_' ~ timestamp, leaving = old, leaving_ending = '_old_' ~ timestamp, back = false %}
{% include 'repartition/swap/clock.sql' %}
{% include 'repartition/incoming_keys/drop.sql' %}
{% for trigger in facts.triggers %}
{% if loop.first %}

-- Triggers come to be on the new table, and by it on its partitions; on the first one they would fire twice.
{% endif %}
DROP TRIGGER {{ trigger.name | ident }} ON {{ source | ident }};
{% endfor %}
{% for index in key %}

-- The key of the first partition becomes the wide one; the old one stays unique there.
ALTER TABLE {{ source | ident }} DROP CONSTRAINT {{ index.name | ident }};
ALTER TABLE {{ source | ident }} ADD CONSTRAINT {{ wide | ident }} PRIMARY KEY USING INDEX {{ wide | ident }}
{%- if index.deferrable %} DEFERRABLE{% endif %}{% if index.deferred %} INITIALLY DEFERRED{% endif %};
{% if index.clustered %}
ALTER TABLE {{ source | ident }} CLUSTER ON {{ wide | ident }};
{% endif %}
{% if index.replica_identity %}
ALTER TABLE {{ source | ident }} REPLICA IDENTITY USING INDEX {{ wide | ident }};
{% endif %}
{% endfor %}
{% include 'adopt/swap/names.sql' %}
{% for index in whole %}
{% if index in key %}
ALTER INDEX {{ source.schema | ident }}.{{ wide | ident }} RENAME TO {{ (old.name ~ '_' ~ index.stem) | short_name | ident }};
ALTER INDEX {{ source.schema | ident }}.{{ own | ident }} RENAME TO {{ (old.name ~ '_' ~ index.stem ~ '_own') | short_name | ident }};
{% else %}
ALTER INDEX {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (old.name ~ '_' ~ index.stem) | short_name | ident }};
{% endif %}
ALTER INDEX {{ source.schema | ident }}.{{ (target.name ~ '_' ~ index.stem) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
{% for index in alone %}
ALTER INDEX {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (old.name ~ '_' ~ index.stem) | short_name | ident }};
{% endfor %}
{% include 'repartition/swap/sequences.sql' %}
{% for sequence in facts.sequences if sequence.is_identity %}
-- A partition counts by its table.
ALTER TABLE {{ old | ident }} ALTER COLUMN {{ sequence.column | ident }} DROP IDENTITY;
{% endfor %}

-- The bound and what the table has already prove all that is asked of a partition. Where an index of the whole found none
-- like it, one would be built here, which max_lock forbids and this refuses.
SELECT set_config('executor.indexes', (SELECT count(*)::text FROM pg_index WHERE indrelid = {{ old | literal }}::regclass), true);
ALTER TABLE {{ old | ident }} ALTER COLUMN {{ key_column | ident }} SET NOT NULL;
ALTER TABLE {{ source | ident }} ATTACH PARTITION {{ old | ident }} {% if below.bound_sql %}{{ below.bound_sql }}{% else %}DEFAULT{% endif %};
DO {% set body %}

BEGIN
  IF (SELECT count(*)::text FROM pg_index WHERE indrelid = {{ old | literal }}::regclass) <> current_setting('executor.indexes') THEN
    RAISE EXCEPTION USING
      MESSAGE = {{ ('an index of ' ~ source ~ ' was changed while the plan ran, so one would be built under the lock') | literal }},
      HINT = 'Nothing was swapped. Undo the change, or roll back and begin anew.';
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% include 'repartition/swap/clock.sql' %}
ALTER TABLE {{ old | ident }} DROP CONSTRAINT executor_bound;
{% for grant in facts.grants if not grant.is_revoked and grant.kind == 'TABLE' %}
-- Rights are those of the table as a whole.
REVOKE ALL ON {{ old | ident }} FROM {{ grant.grantee_sql }} CASCADE;
{% endfor %}
{% with stripped = true %}
{% include 'repartition/swap/hanging.sql' %}
{% endwith %}
{% include 'repartition/swap/readers.sql' %}
{% include 'repartition/swap/publications.sql' %}
{% include 'repartition/swap/proof.sql' %}
{## after the proof: each of them is bound to every partition, so also to the one that has left -##}
{% include 'repartition/incoming_keys/carry.sql' %}
COMMENT ON TABLE {{ old | ident }} IS {{ ('The table that ' ~ source.name ~ ' was before it had partitions (plan ' ~ plan ~ ', run ' ~ timestamp ~ '): its rows are in use.') | literal }};
{% include 'repartition/swap/clock.sql' %}
{% endwith %}
