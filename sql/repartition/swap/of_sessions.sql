{## What other sessions have made for themselves and is bound to the table `source`, such as a temporary view: nobody but
    they can bind it to another one. A SELECT of `holder` without its semicolon; `said` are the facts of the table. -##}
SELECT DISTINCT format('%s (%s)', coalesce(session.named, 'another session'), temporary.name) AS holder
FROM (
{% with holder = source, ending = '' %}
{% from 'repartition/swap/holders.sql' import holders with context %}
{% include 'repartition/swap/bound_to.sql' %}
{% endwith %}
) AS dependent
CROSS JOIN pg_identify_object(dependent.classid, dependent.objid, dependent.objsubid) AS object
LEFT JOIN pg_rewrite AS r ON dependent.classid = 'pg_rewrite'::regclass AND r.oid = dependent.objid AND r.rulename = '_RETURN'
LEFT JOIN pg_class AS v ON v.oid = r.ev_class
CROSS JOIN LATERAL (
  SELECT coalesce('temporary view ' || v.oid::regclass, object.type || ' ' || object.identity),
    substring(coalesce(v.oid::regclass::text, object.identity) FROM '\mpg_temp_([0-9]+)\.')::integer
) AS temporary (name, number)
LEFT JOIN LATERAL (
  SELECT format('pid %s', a.pid) || coalesce(', ' || nullif(a.application_name, ''), '')
  FROM pg_stat_activity AS a
{% if facts.server[0].version >= 160000 %}
  WHERE a.pid = pg_stat_get_backend_pid(temporary.number)
{% else %}
  -- which session it is can be seen before PostgreSQL 16 only while it is in a transaction
  WHERE a.pid = (SELECT min(l.pid) FROM pg_locks AS l WHERE starts_with(l.virtualtransaction, temporary.number || '/'))
{% endif %}
) AS session (named) ON true
WHERE temporary.number IS NOT NULL
