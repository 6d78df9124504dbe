{## Refuses to go on, until later, while snapshots_before.sql has one. Under the lock that readers of the table wait for: who gets
    a snapshot from then on waits for that. If rows of the
    partition `beside` alone are there, none are moved; it may be none. -##}
DO {% set body %}

DECLARE
  holders text;
BEGIN
  SELECT string_agg(holder, ', ' ORDER BY holder) INTO holders FROM (
{% with least = '10 milliseconds' %}
{% include 'tables/snapshots_before.sql' %}
{% endwith %}

  ) AS held{% if beside %}

  WHERE EXISTS (SELECT FROM {{ source | ident }} WHERE tableoid <> to_regclass({{ beside | literal }})){% endif %};
  IF holders IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002', MESSAGE = 'a transaction would go on without the rows that are moved, as its snapshot is older: ' || holders,
      HINT = 'It is REPEATABLE READ or SERIALIZABLE, or has a cursor open. Wait for its end, or end it.';
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
