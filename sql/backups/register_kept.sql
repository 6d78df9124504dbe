-- Enters the table that a restored one has replaced into the registry, with its count and digest.
{% with table = kept, original = kept, source = live, kind = 'old_table', of_plan = false %}
{% include 'backups/register.sql' %}
{% endwith %}
