{## In PL/pgSQL: takes every right on an object from `item.others`, a list of roles or null, and gives it to new_owner, if
    that is a role and `item.owner` another; with `readable` `item.readers` may read it. `item.kind` is TABLE, SEQUENCE or
    FUNCTION, `item.called` its name as SQL. -##}
IF item.others IS NOT NULL THEN
  EXECUTE format('REVOKE ALL ON %s %s FROM %s', item.kind, item.called, item.others);
END IF;
IF item.owner <> new_owner THEN
  EXECUTE format('ALTER %s %s OWNER TO %s', item.kind, item.called, new_owner);
END IF;
{% if readable | default(false) %}
IF item.readers IS NOT NULL THEN
  EXECUTE format('GRANT %s ON %s %s TO %s', CASE item.kind WHEN 'TABLE' THEN 'SELECT' ELSE 'EXECUTE' END,
                 item.kind, item.called, item.readers);
END IF;
{% endif %}
