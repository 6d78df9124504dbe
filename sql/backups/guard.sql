{## The first statement of every transaction that reads the registry in the schema `schema`, or with `writing` writes to it:
    locks it and asks the catalogs whether it may be trusted, so that what it is then, it is to the end of the
    transaction. It is asked before the lock as well: whom we don't trust can't let us wait for his table.
    Lock: ACCESS SHARE, for writing ROW EXCLUSIVE. -##}
DO $executor$
DECLARE
  writing CONSTANT boolean := {{ writing | literal }};
{% include 'backups/guard_registry.sql' %}
$executor$;
