-- Drops the new table and its partitions, whose rows are in the table again. A row that has come into one of them since, by
-- the name of the partition, is kept: then nothing is dropped.
-- Lock: ACCESS EXCLUSIVE on the new table, which nobody uses, and on the tables that it references; short, and given up after
-- lock_timeout.
{% with written = [], read = [target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
DO {% set body %}

DECLARE
  lost text;
BEGIN
  IF EXISTS (SELECT FROM pg_class AS made WHERE oid = to_regclass({{ target | literal }}) AND
{% include 'repartition/target/ours.sql' %}
    IS NOT TRUE)
  THEN
    RAISE WARNING USING MESSAGE = {{ (target ~ ' is not the table that the run has made, by its owner or its comment; it is left as it is') | literal }};
  ELSIF to_regclass({{ target | literal }}) IS NOT NULL THEN
    LOCK TABLE {{ target | ident }} IN ACCESS EXCLUSIVE MODE;
    SELECT min(tableoid::regclass::text) INTO lost FROM {{ target | ident }};
    IF lost IS NOT NULL THEN
      RAISE EXCEPTION USING
        MESSAGE = format('%s has rows that came since the table is back: somebody writes to it by its name', lost),
        HINT = {{ ('Move them to ' ~ source ~ ' (INSERT ... SELECT, then DELETE), and roll back again.') | literal }};
    END IF;
    DROP TABLE {{ target | ident }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
