{## What depends on the table that leaves, the old one or, going back, the new one, and is no part of it, for proof.sql: a
    function, whose plan is made before the lock. -##}
CREATE OR REPLACE FUNCTION pg_temp.executor_left_behind() RETURNS text LANGUAGE plpgsql AS {% set body %}

BEGIN
  RETURN (
    SELECT string_agg(format('%s %s', object.type, object.identity), ', ' ORDER BY object.identity)
    FROM (
{% with holder = leaving, ending = leaving_ending %}
{% from 'repartition/swap/holders.sql' import holders with context %}
{% include 'repartition/swap/bound_to.sql' %}
{% endwith %}
    ) AS dependent
    -- a view is known by its name, not by that of its rule
    LEFT JOIN pg_rewrite AS r ON dependent.classid = 'pg_rewrite'::regclass AND r.oid = dependent.objid AND r.rulename = '_RETURN'
    CROSS JOIN pg_identify_object(CASE WHEN r.oid IS NULL THEN dependent.classid ELSE 'pg_class'::regclass END, coalesce(r.ev_class, dependent.objid),
                                  dependent.objsubid) AS object
    WHERE object.identity <> ALL ({% include 'repartition/check/accepted.sql' %}));
END
{% endset %}{{ body | dollar_quoted }};
