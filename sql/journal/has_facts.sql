-- Whether the journal has facts, which one of an older version has not, and this role may read them.
SELECT coalesce(has_table_privilege(to_regclass('executor.facts'), 'SELECT'), false);
