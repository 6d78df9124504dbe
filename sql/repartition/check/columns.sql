-- Whether columns can become what the plan makes of them (`columns`, `column_order`) without the loss of a value: there and
-- back, or by the expression of one that is new. Reads the whole table once for each, unless no value can be lost. What
-- can't be read is not counted here. Nothing of it stays.
{% from 'facts/fragments/columns_said.sql' import wrong with context %}
{% if wrong %}
{% for words in wrong %}
{% if not loop.first %}UNION ALL {% endif %}SELECT 'columns' AS subject, 'a list of {name, type} and the like' AS expected, {{ words | literal }} AS actual, false AS passed
{% endfor %}
{% elif not columns and not column_order %}
SELECT 'columns' AS subject, 'as they are' AS expected, 'as they are' AS actual, true AS passed
{% else %}
{% with written = [], read = [source], called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}

DO {% set body %}

DECLARE
  source regclass := (
    SELECT oid FROM pg_class
    WHERE oid = to_regclass({{ source | literal }}) AND relkind IN ('r', 'p')
      AND has_table_privilege(oid, 'SELECT') AND NOT row_security_active(oid)
      AND current_setting('executor.foreign_code') = '');
  findings jsonb := '[]';
  item record;
  row_of record;
  fits boolean;
  words text;
  key text;
  loses text;
BEGIN
  SELECT coalesce(string_agg(format('%L || concat(r.%I)', name || ' = ', name), ' || '', '' || '), '''''')
  INTO key FROM unnest({{ facts.key | map(attribute='name') | list | literal }}::text[]) AS name;
  FOR item IN
{% include 'repartition/check/columns_asked.sql' %}

  LOOP
    words := {% include 'repartition/check/columns_refused.sql' %};
    loses := NULL;
{% include 'repartition/check/columns_called.sql' %}
    IF words IS NULL AND item.reading IS NOT NULL AND item.told IS NULL THEN
      BEGIN
        -- at once; a value that is refused ends that, and is looked for row by row
        EXECUTE format('SELECT %s FROM %s AS r WHERE %s LIMIT 1', key, source, item.is_lost) INTO loses;
      EXCEPTION WHEN data_exception THEN
        words := SQLERRM;
        FOR row_of IN EXECUTE format('SELECT %s AS key, r AS whole FROM %s AS r', key, source) LOOP
          BEGIN
            EXECUTE format('SELECT %s IS NULL FROM (SELECT ($1::%s).*) AS r', item.reading, source) INTO fits USING row_of.whole;
          EXCEPTION WHEN data_exception THEN
            loses := row_of.key;
            EXIT;
          END;
        END LOOP;
        loses := coalesce(loses, words);
        words := NULL;
      WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN
        RAISE;
      WHEN OTHERS THEN
        words := 'its expression is refused: ' || SQLERRM;
      END;
      IF loses IS NOT NULL THEN
        words := CASE WHEN item.expression IS NULL
          THEN format('%s would change or refuse the value of the row %s; mend it, or choose another type', item.new_type, loses)
          ELSE format('its expression gives no value for the row %s; mend it, or say nullable: true', loses) END;
      END IF;
    END IF;
    findings := findings || jsonb_build_object('subject', 'column ' || quote_ident(item.name), 'expected', 'can be had, and no value is lost',
      'actual', coalesce(words, item.becomes || coalesce('; ' || item.told, '')), 'passed', words IS NULL);
  END LOOP;

  words := NULL;
  SELECT format('%s is no column of the new table', string_agg(quote_ident(name), ', ' ORDER BY place)) INTO words
  FROM unnest({{ column_order | literal }}::text[]) WITH ORDINALITY AS said (name, place)
  WHERE source IS NOT NULL AND name <> ALL ({{ facts.new_columns | rejectattr('is_dropped') | map(attribute='name') | list | literal }}::text[])
  HAVING count(*) > 0;
  IF words IS NOT NULL THEN
    findings := findings || jsonb_build_object('subject', 'column_order', 'expected', 'names of columns', 'actual', words, 'passed', false);
  END IF;

  -- Where all can be had one by one, all of it is made once, and taken back.
  IF source IS NOT NULL AND current_setting('transaction_read_only') = 'off' AND NOT findings @> '[{"passed": false}]' THEN
    BEGIN
      EXECUTE {% set tried %}{% include 'repartition/target/new_columns.sql' %}{% endset %}{{ tried | literal }};
      EXECUTE format('CREATE TEMPORARY TABLE executor_tried ON COMMIT DROP AS SELECT * FROM %s WITH NO DATA', source);
{% for column in columns if column.get('expression') %}
      EXECUTE {{ ('ALTER TABLE pg_temp.executor_tried ADD COLUMN executor_tried_' ~ loop.index ~ ' ' ~ column.type ~ ' GENERATED ALWAYS AS (' ~ column.expression ~ '\n) STORED') | literal }};
{% endfor %}
      RAISE EXCEPTION USING ERRCODE = 'EX000';
    EXCEPTION
      WHEN SQLSTATE 'EX000' THEN NULL;
      WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN RAISE;
      WHEN OTHERS THEN words := SQLERRM;
    END;
    IF words IS NOT NULL THEN
      findings := findings || jsonb_build_object('subject', 'columns', 'expected', 'can be had together', 'actual', words, 'passed', false);
    END IF;
  END IF;
  PERFORM set_config('executor.columns', findings::text, true);
END
{% endset %}{{ body | dollar_quoted }};

SELECT f.* FROM jsonb_to_recordset(current_setting('executor.columns')::jsonb) AS f (subject text, expected text, actual text, passed boolean)
UNION ALL
SELECT 'columns', 'the table can be read', CASE WHEN to_regclass({{ source | literal }}) IS NULL THEN 'there is none' ELSE 'see above' END, true
WHERE current_setting('executor.columns') = '[]'
{% endif %}
