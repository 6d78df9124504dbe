{## Ends what create_triggers.sql has begun at the table {{ schema }}.{{ name }}. -##}
{% from 'repartition/earlier.sql' import logs with context -%}
DROP TRIGGER IF EXISTS {{ (logs ~ '_insert') | ident }} ON {{ schema | ident }}.{{ name | ident }};
DROP TRIGGER IF EXISTS {{ (logs ~ '_update') | ident }} ON {{ schema | ident }}.{{ name | ident }};
DROP TRIGGER IF EXISTS {{ (logs ~ '_delete') | ident }} ON {{ schema | ident }}.{{ name | ident }};
DROP TRIGGER IF EXISTS {{ (logs ~ '_truncate') | ident }} ON {{ schema | ident }}.{{ name | ident }};
