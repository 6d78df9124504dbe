{## Refuses to go on, until later, while snapshots_before.sql has one; a statement that ends within a tenth of a second is waited for.
    Under the lock that readers of the table wait for, at once (`when` is locked), and once more before the transaction ends
    (ending): who gets a snapshot in between and has not come to the table yet is found then. If rows of the partition
    `beside` alone are there, none are moved; it may be none. -##}
DO {% set body %}

DECLARE
  holders text;
  known text[];
  marks text[];
BEGIN
  FOR time IN 1..50 LOOP
    PERFORM pg_stat_clear_snapshot();
    SELECT string_agg(holder, ', ' ORDER BY holder), array_agg(mark) INTO holders, marks FROM (
{% include 'tables/snapshots_before.sql' %}

    ) AS held WHERE (known IS NULL OR mark = ANY (known)){% if beside %}

      AND EXISTS (SELECT FROM {{ source | ident }} WHERE tableoid <> to_regclass({{ beside | literal }})){% endif %};
    EXIT WHEN holders IS NULL;
    known := marks;
    PERFORM pg_sleep(0.002);
  END LOOP;
  IF holders IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002', MESSAGE = 'a transaction would go on without the rows that are moved, as its snapshot is older: ' || holders,
      HINT = 'It is REPEATABLE READ or SERIALIZABLE, has a cursor open, or is in the middle of a statement. Wait for its end, or end it.';
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
