{## Stops if ask.sql has found code of a role that this session does not trust: statements of PL/pgSQL. -##}
  IF current_setting('executor.foreign_code') <> '' THEN
    RAISE EXCEPTION USING
      MESSAGE = format('what is not to be trusted would run with the rights of %s: %s', session_user, current_setting('executor.foreign_code')),
      HINT = 'Run the plan as the owner of the table, see Privileges in the guide. Or drop this, or let a role own it that you trust.';
  END IF;
