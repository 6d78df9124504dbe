-- The outbox holds few unsent messages.
SELECT count(*) <= {{ max_unsent }} FROM example_12.outbox WHERE sent_at IS NULL
