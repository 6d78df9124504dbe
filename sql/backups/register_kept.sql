-- Enters the table that a restored one has replaced into the registry, with its count and digest.
{% with table = kept, original = kept, source = live, kind = 'old_table' %}
{% include 'backups/register.sql' %}
{% endwith %}
