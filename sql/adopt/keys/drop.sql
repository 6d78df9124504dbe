-- Drops what was built for the exchange of the key. Waits for readers and writers of the table, and blocks none of them.
{% from 'adopt/indexes.sql' import wide, own with context %}
SELECT set_config('lock_timeout', '10min', false);
DROP INDEX CONCURRENTLY IF EXISTS {{ source.schema | ident }}.{{ (own if item else wide) | ident }};
SELECT set_config('lock_timeout', {{ settings.lock_timeout | literal }}, false);
