{## The registry of backups, beside the data: made on first use, widened where an older tool or version
    has made it (with 4-byte counters), and otherwise left alone. Needs `source`, in whose schema it is;
    it need not exist any more. It is nobody's but its owner's, whatever default privileges say: the table's
    owner, or who makes it, if that role has rights that the table's owner has not, since whoever can write
    to it says what is restored and dropped.
    Lock: ACCESS EXCLUSIVE on a registry that is widened. -##}
{% with of_plan = false %}
DO $executor$
DECLARE
{% include 'backups/install_registry.sql' %}
$executor$;
{% endwith %}
