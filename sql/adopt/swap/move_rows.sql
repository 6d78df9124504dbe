{## Moves every row of the table that is not in its first partition into that, which is none any more by now, and fires none of
    the application's triggers: they have done their work once. -##}
-- What was written to later partitions comes along: as many rows as there are, or none of it happens.
DO {% set body %}

DECLARE
  moved bigint;
  there bigint;
  detail text;
  item record;
BEGIN
  SET CONSTRAINTS ALL IMMEDIATE;
  SELECT count(*) INTO there FROM {{ source | ident }};
  INSERT INTO {{ old | ident }} ({% with columns = said.columns, prefix = false %}{% include 'repartition/target/column_names.sql' %}{% endwith %})
  SELECT {% with columns = said.columns, prefix = true %}{% include 'repartition/target/column_names.sql' %}{% endwith %}

  FROM {{ source | ident }} AS r;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> there THEN
    RAISE EXCEPTION 'only % of % rows of later partitions were moved', moved, there;
  END IF;
  -- A partition may have a trigger of its own, which goes with it anyway, and would see this.
  FOR item IN
    SELECT t.tgname, t.tgrelid::regclass AS relation FROM pg_partition_tree({{ source | literal }}) AS tree JOIN pg_trigger AS t ON t.tgrelid = tree.relid
    WHERE NOT t.tgisinternal AND t.tgparentid = 0
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, item.relation);
  END LOOP;
  TRUNCATE {{ source | ident }};
EXCEPTION WHEN unique_violation THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION USING
    ERRCODE = 'unique_violation',
    MESSAGE = {{ ('a row that was written since is in ' ~ old ~ ' already, by a key that is unique there alone: ') | literal }} || detail,
    HINT = 'Nothing was changed. Give one of the two another key, and roll back again.';
END
{% endset %}{{ body | dollar_quoted }};
