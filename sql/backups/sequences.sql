{## Where the sequences of `relation` are, for definition.sql: pg_sequence_last_value() does not know one that
    was set and not yet drawn from. Those of a table that the swap has replaced were put to their end by it: theirs is
    where the ones of the table in use are. -##}
DO $executor$
DECLARE
  defined CONSTANT regclass := {{ relation | literal }};
{% include 'backups/note_sequences.sql' %}
$executor$;
