{## Whether what has this `comment` is not ours, or is for another table that is still there: a condition. -##}
(coalesce(comment, '') NOT LIKE 'Made by executor for %'
  OR NOT starts_with(comment, {{ ('Made by executor for ' ~ source ~ ': ') | literal }})
    AND to_regclass(substring(comment FROM '^Made by executor for (.*?): ')) IS NOT NULL)
