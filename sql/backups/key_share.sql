{## Statements of PL/pgSQL for hold_schema.sql, and for who asks more in the same block. -##}
  IF current_setting('transaction_read_only') = 'off' AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    PERFORM FROM pg_namespace WHERE nspname = {{ schema | literal }} FOR KEY SHARE;
  END IF;
