{## Readers and writers are kept waiting from here on: what takes longer is given up, and all is undone. -##}
SET LOCAL statement_timeout = {{ max_lock | literal }};
