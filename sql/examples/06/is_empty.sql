-- Asked before each pass.
SELECT NOT EXISTS (SELECT FROM example_06.queue)
