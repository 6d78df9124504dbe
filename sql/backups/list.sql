-- The entries of a registry, newest first.
{% with writing = false %}
{% include 'backups/guard.sql' %}
{% endwith %}

{% include 'backups/entries.sql' %}
