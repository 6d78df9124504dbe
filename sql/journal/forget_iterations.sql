-- A step that was undone as a whole plans its iterations anew.
DELETE FROM executor.iterations WHERE run_id = {{ run }} AND step = {{ step | literal }};
