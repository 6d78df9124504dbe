-- Copies a range of blocks of one table that holds rows: every column by name with its value as it
-- is, identity and serial columns too. Generated columns are computed again from the same values.
{% with written = [target], read = [batch.table], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  target regclass := {{ target | literal }};
  leaf regclass := {{ batch.table | literal }};
  columns text;
  copied bigint;
BEGIN
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
  FROM pg_attribute
  WHERE attrelid = leaf AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
{% if batch.filenode %}
  -- The range is one of blocks of a file. A reader's lock keeps it in place from here on.
  EXECUTE format('LOCK TABLE ONLY %s IN ACCESS SHARE MODE', leaf);
  IF pg_relation_filenode(leaf) <> {{ batch.filenode }} THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX003', MESSAGE = format('%s was rewritten while it was copied (VACUUM FULL, CLUSTER, TRUNCATE)', leaf);
  END IF;
{% endif %}
  EXECUTE format(
{% if routing == 'hash' %}
    'INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM %3$s WHERE %4$s',
    target, columns,
{% else %}
    'INSERT INTO %1$s (%2$s, partition_key) OVERRIDING SYSTEM VALUE '
    'SELECT %2$s, abs(hashtext(%5$I::text) %% {{ partition_count }}) FROM %3$s WHERE %4$s',
    target, columns,
{% endif %}
{% if batch.whole %}
    leaf, 'true',
{% elif batch.end_block is none %}
    format('ONLY %s', leaf), format('ctid >= %L', '({{ batch.first_block }},0)'),
{% else %}
    format('ONLY %s', leaf), format('ctid >= %L AND ctid < %L', '({{ batch.first_block }},0)', '({{ batch.end_block }},0)'),
{% endif %}
    {{ key_column | literal }});
  GET DIAGNOSTICS copied = ROW_COUNT;
  PERFORM set_config('executor.rows', copied::text, true);
END
$executor$;
