-- Whether there is no table yet, and one is asked for.
SELECT to_regclass({{ source | literal }}) IS NULL AND {{ create | literal }}
