-- From one account to the other.
UPDATE example_09.accounts SET balance = balance + CASE id WHEN 1 THEN -100 ELSE 100 END;
