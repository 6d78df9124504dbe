-- After this the old amounts are gone.
UPDATE example_11.amounts SET amount = round(amount, 2);
