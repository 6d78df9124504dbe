-- Whether there is no table yet.
SELECT to_regclass({{ source | literal }}) IS NULL
