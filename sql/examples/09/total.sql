-- Whatever is moved, nothing is lost.
SELECT sum(balance) FROM example_09.accounts
