{## Lets nobody rename the schema `schema` to the end of the transaction: its owner could give its name to another
    one, with other tables in it, between two statements. Only a superuser can do that, who has most to lose. -##}
DO $executor$
BEGIN
{% include 'backups/key_share.sql' %}
END
$executor$;
