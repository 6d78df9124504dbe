{## Before an expression of the plan (`item.runs`) is run: whether it calls what belongs to a role that is not trusted. A view, which is
    taken back at once, says that: PostgreSQL reads it, and computes nothing. Where nothing can be made, in a dry run, one that
    may call anything but PostgreSQL's own functions is left alone, and `item.told`. Statements of PL/pgSQL. -##}
    IF words IS NULL AND item.runs IS NOT NULL THEN
      IF current_setting('transaction_read_only') = 'on' THEN
        item.told := CASE WHEN item.runs_others THEN 'what it calls, and its values, are looked at when the plan is run' END;
      ELSE
        BEGIN
          EXECUTE format('CREATE TEMPORARY VIEW executor_tried AS SELECT %s AS tried FROM %s AS r', item.runs, source);
          SELECT format('it calls what belongs to a role that is not trusted: %s', string_agg(DISTINCT pg_describe_object(d.refclassid, d.refobjid, 0), ', ')) INTO words
          FROM pg_rewrite AS w
          JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
          LEFT JOIN pg_proc AS f ON d.refclassid = 'pg_proc'::regclass AND f.oid = d.refobjid
          LEFT JOIN pg_operator AS o ON d.refclassid = 'pg_operator'::regclass AND o.oid = d.refobjid
          LEFT JOIN pg_type AS t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
          LEFT JOIN pg_class AS c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid AND c.oid NOT IN (source, w.ev_class)
          WHERE w.ev_class = to_regclass('pg_temp.executor_tried') AND coalesce(f.proowner, o.oprowner, t.typowner, c.relowner) NOT IN (
{% include 'security/trusted_roles.sql' %}
          )
          HAVING count(*) > 0;
          RAISE EXCEPTION USING ERRCODE = 'EX000';
        EXCEPTION
          WHEN SQLSTATE 'EX000' THEN NULL;
          WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN RAISE;
          WHEN OTHERS THEN words := 'its expression is refused: ' || SQLERRM;
        END;
      END IF;
    END IF;
