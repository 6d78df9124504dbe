{## Too many keys in the log would keep others waiting while they are applied. -##}
  IF (SELECT count(*) FROM (SELECT FROM {{ keys | ident }} LIMIT {{ swap_rows }} + 1) AS entry) > {{ swap_rows }} THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002',
      MESSAGE = 'more than {{ swap_rows }} keys (swap_rows) were written since the last pass',
      HINT = 'Too many to apply under the lock. When less is written it will do; or raise swap_rows.';
  END IF;
