{## Whether what has this `comment` and this `owner` is not ours, or is for another table that is still there: a
    condition. Anybody may write such a comment on what is his, and could put into it what he likes later. -##}
(owner IS NOT NULL AND (coalesce(comment, '') NOT LIKE 'Made by executor for %'
  OR owner <> (SELECT relowner FROM pg_class WHERE oid = to_regclass({{ source | literal }})) AND owner NOT IN (
{% include 'security/trusted_roles.sql' %}
  )
  OR NOT starts_with(comment, {{ ('Made by executor for ' ~ source ~ ': ') | literal }})
    AND to_regclass(substring(comment FROM '^Made by executor for (.*?): ')) IS NOT NULL))
