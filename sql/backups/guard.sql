{## The first statement of every transaction that reads the registry in the schema `schema`, or with `writing` writes to it:
    locks it and asks the catalogs whether it may be trusted, so that what it is then, it is to the end of the
    transaction. It is asked before the lock as well: whom we don't trust can't let us wait for his table.
    Lock: ACCESS SHARE, for writing ROW EXCLUSIVE. -##}
{% include 'backups/hold_schema.sql' %}

DO $executor$
DECLARE
  registry text := format('%I.migration_backups', {{ schema | literal }}::text);
  found oid;
  doubt text;
BEGIN
  found := to_regclass(registry);
  IF found IS NULL THEN
    RAISE undefined_table USING MESSAGE = format('there is no registry %s', registry);
  END IF;
  FOR attempt IN 1 .. 2 LOOP
    SELECT {% include 'backups/registry_doubt.sql' %} INTO doubt FROM (SELECT found AS oid) AS registry (oid);
    IF doubt IS NOT NULL OR found IS DISTINCT FROM to_regclass(registry) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'EX004',
        MESSAGE = format('the registry %s is not used: %s', registry, coalesce(doubt, 'it was replaced just now; try again')),
        HINT = 'Nothing was changed. Connect as its owner, or see docs/backups.md: whose a registry is.';
    END IF;
    IF attempt = 1 THEN
      LOCK TABLE {{ schema | ident }}.migration_backups IN {% if writing %}ROW EXCLUSIVE{% else %}ACCESS SHARE{% endif %} MODE;
    END IF;
  END LOOP;
END
$executor$;
