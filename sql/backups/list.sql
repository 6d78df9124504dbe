-- The entries of the registry {{ registry | ident }}, newest first.
{% with writing = false %}
{% include 'backups/guard.sql' %}
{% endwith %}

{% include 'backups/entries.sql' %}
