{## An assertion in a printed script: raises unless there is a finding and every one passed. -##}
SELECT pg_temp.executor_assert({{ claim | literal }}, json_agg(finding)
{%- if not failed_stops %}, failed_stops => false{% endif %}
{%- if not unknown_stops %}, unknown_stops => false{% endif %}
) FROM (
{{ query }}
) AS finding;
