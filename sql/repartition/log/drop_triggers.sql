{## Ends what create_triggers.sql has begun at the table {{ schema }}.{{ name }}. -##}
DROP TRIGGER IF EXISTS executor_insert ON {{ schema | ident }}.{{ name | ident }};
DROP TRIGGER IF EXISTS executor_update ON {{ schema | ident }}.{{ name | ident }};
DROP TRIGGER IF EXISTS executor_delete ON {{ schema | ident }}.{{ name | ident }};
DROP TRIGGER IF EXISTS executor_truncate ON {{ schema | ident }}.{{ name | ident }};
