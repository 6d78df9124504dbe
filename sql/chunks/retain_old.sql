-- Enters the old table into the registry of backups, with the same retention. It is the way back, not
-- a backup: the verified copy is that.
{% include 'backups/install.sql' %}

{% with table = old, kind = 'old_table' %}
{% include 'backups/register.sql' %}
{% endwith %}
