{## In PL/pgSQL: refuses to go on with the rights of the function's owner where the table that is written to, or the `other` one of the foreign
    key `key`, was given to somebody else since: what follows a row, and what compares values, would run his code with
    them. No name in it is found by the search_path of whoever writes. -##}
IF EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
    WHERE c.oid OPERATOR(pg_catalog.=) ANY (ARRAY[coalesce(pg_catalog.pg_partition_root(TG_RELID), TG_RELID)::pg_catalog.oid, pg_catalog.to_regclass({{ other | literal }})::pg_catalog.oid])
      AND NOT pg_catalog.pg_has_role(c.relowner, current_user, 'USAGE'))
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = {{ (source ~ ' or ' ~ key.relation ~ ' was given to another role, and the triggers that do the work of the foreign key ' ~ key.name ~ ' have the rights of the one before: ') | literal }} OPERATOR(pg_catalog.||) current_user,
      HINT = {{ ('Both tables and the functions have to belong to one role: ALTER FUNCTION ' ~ checks ~ '() OWNER TO ...; ALTER FUNCTION ' ~ keeps ~ '() OWNER TO ...') | literal }};
  END IF;
