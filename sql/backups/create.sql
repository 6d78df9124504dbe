-- A copy of every row in one snapshot, readable by the owner only, and its entry in the registry.
CREATE TABLE {{ backup | ident }} AS TABLE {{ source | ident }};

COMMENT ON TABLE {{ backup | ident }} IS {{ ('Backup of ' ~ source ~ ', made by executor backups create (run ' ~ timestamp ~ '); see migration_backups.') | literal }};

{% with relation = backup %}
{% include 'tables/private.sql' %}
{% endwith %}

{% include 'backups/install.sql' %}

{% with table = backup, original = source, kind = 'backup' %}
{% include 'backups/register.sql' %}
{% endwith %}
